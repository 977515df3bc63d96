package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The sparse part of a model and its steps, in doubles; gradients are difference quotients of any margin. */
final class NaiveFactors {
    final Map<String, Double> parameters = new HashMap<>();
    private final Loss loss;
    private final int features;
    private final FtrlSettings ftrl;
    private final FactorSettings settings;
    private final FactorStep first;
    private final NaiveModel.Margin margin;
    private final Map<String, Double> z = new HashMap<>();
    private final Map<String, Double> n = new HashMap<>();

    NaiveFactors(
            Loss loss, int features, FtrlSettings ftrl, FactorSettings settings, long seed, NaiveModel.Margin margin) {
        this.loss = loss;
        this.features = features;
        this.ftrl = ftrl;
        this.settings = settings;
        this.first = new FactorStep(settings, seed, 1, 2);
        this.margin = margin;
    }

    double margin(Instance instance) {
        return margin.of(parameters, instance.vector());
    }

    double predict(Instance instance) {
        return NaiveModel.prediction(loss, margin(instance));
    }

    /** What is to be learned of some instances: by how much each moves the sum of losses, to first order. */
    double objective(Map<String, Double> moved, List<Instance> instances, Set<Instance> corrections) {
        double sum = 0;
        for (Instance instance : instances) {
            double m = margin.of(moved, instance.vector());
            sum += instance.importance() * NaiveModel.loss(loss, m, instance.label());
            if (corrections.contains(instance)) {
                sum -= instance.replacedImportance() * NaiveModel.loss(loss, m, instance.replacedLabel());
            }
        }
        return sum;
    }

    /** The gradient of the sum of some instances' losses by all weights and factors that it depends on. */
    Map<String, Double> gradient(List<Instance> instances, Set<Instance> corrections) {
        Set<String> names = new TreeSet<>();
        rows(instances, false).forEach(row -> names.add("w" + row));
        rows(instances, true).forEach(row -> names.addAll(factors(row)));
        return NaiveModel.gradient(parameters, names, moved -> objective(moved, instances, corrections));
    }

    /** Steps by the sum of some instances' gradients; {@code keep}: with step sizes as they are. */
    void learn(List<Instance> instances, Set<Instance> corrections, boolean keep) {
        Map<String, Double> gradient = gradient(instances, corrections);
        rows(instances, false).forEach(row -> stepWeight("w" + row, gradient.get("w" + row), keep));
        rows(instances, true).forEach(row -> stepFactors(row, gradient::get, keep));
    }

    private Set<Integer> rows(List<Instance> instances, boolean interacting) {
        Set<Integer> rows = new TreeSet<>();
        for (Instance instance : instances) {
            for (int i = 0; i < instance.vector().size(); i++) {
                int term = instance.vector().term(i);
                if (!interacting || term >= 0 && term < features) {
                    rows.add(instance.vector().index(i));
                }
            }
        }
        return rows;
    }

    /** Has random weights and factors, and puts the same into a table. */
    void fill(ParameterTable table, Layout layout, Random random) {
        for (int row = layout.firstFeature(); row < layout.firstFeature() + RandomInstances.ROWS; row++) {
            for (int column = 0; column <= settings.count(); column++) {
                float value = (float) random.nextGaussian() / 3;
                table.put(row, column, value);
                parameters.put(column == 0 ? "w" + row : factors(row).get(column - 1), (double) value);
            }
        }
    }

    /** What a table has for a weight or factor, so many columns behind the first of its kind. */
    double read(ParameterTable table, String name, int column) {
        String[] parts = name.substring(1).split(",");
        return table.get(Integer.parseInt(parts[0]), column + (parts.length == 1 ? 0 : Integer.parseInt(parts[1])));
    }

    private List<String> factors(int row) {
        List<String> names = new ArrayList<>();
        for (int f = 0; f < settings.count(); f++) {
            names.add("v" + row + "," + f);
        }
        return names;
    }

    private void stepWeight(String name, double g, boolean keep) {
        double before = n.getOrDefault(name, 0.0);
        double after = keep ? before : before + g * g;
        double sigma = (Math.sqrt(after) - Math.sqrt(before)) / ftrl.alpha();
        n.put(name, after);
        z.merge(name, g - sigma * NaiveModel.get(parameters, name), Double::sum);
        double zi = z.get(name);
        parameters.put(
                name,
                Math.abs(zi) <= ftrl.l1()
                        ? 0
                        : -(zi - Math.signum(zi) * ftrl.l1())
                                / ((ftrl.beta() + Math.sqrt(after)) / ftrl.alpha() + ftrl.l2()));
    }

    private void stepFactors(int row, ToDoubleFunction<String> gradient, boolean keep) {
        boolean fresh = factors(row).stream().allMatch(name -> NaiveModel.get(parameters, name) == 0);
        for (int f = 0; f < settings.count(); f++) {
            String name = factors(row).get(f);
            double v = NaiveModel.get(parameters, name);
            double g = gradient.applyAsDouble(name) + (keep ? 0 : settings.l2() * v);
            double after = n.getOrDefault(name, 0.0) + (keep ? 0 : g * g);
            n.put(name, after);
            parameters.put(name, (fresh ? first.first(row, f) : v) - settings.alpha() * g / Math.sqrt(1 + after));
        }
    }
}
