package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A model of doubles, written down as the papers have it and without a thought for speed: pairs one by one, sums one by one;
 * its gradient is a difference quotient. Parameters are maps from names to numbers.
 */
final class NaiveModel {
    /** What a margin is: a function of the parameters. */
    interface Margin {
        double of(Map<String, Double> parameters, SparseVector x);
    }

    private NaiveModel() {}

    static double get(Map<String, Double> parameters, String name) {
        return parameters.getOrDefault(name, 0.0);
    }

    /** Linear part and all pairs. */
    static double factorised(Map<String, Double> parameters, SparseVector x, int factors, int features) {
        double margin = x.offset();
        double pairs = 0;
        double length = 0;
        for (int i = 0; i < x.size(); i++) {
            margin += get(parameters, "w" + x.index(i)) * x.value(i);
            if (x.term(i) < 0 || x.term(i) >= features) {
                continue;
            }
            length += x.value(i) * x.value(i);
            for (int j = i + 1; j < x.size(); j++) {
                for (int f = 0; f < factors && x.term(j) < features; f++) {
                    pairs += get(parameters, "v" + x.index(i) + "," + f)
                            * get(parameters, "v" + x.index(j) + "," + f)
                            * x.value(i)
                            * x.value(j);
                }
            }
        }
        return margin + pairs / Math.max(1, length);
    }

    /** The same, and a tower whose layer l has weights {@code W l,unit,input} and biases {@code b l,unit}. */
    static double deep(
            Map<String, Double> parameters, SparseVector x, int factors, int features, int layers, int width) {
        double[] seen = new double[features * factors];
        for (int i = 0; i < x.size(); i++) {
            if (x.term(i) >= 0 && x.term(i) < features) {
                for (int f = 0; f < factors; f++) {
                    seen[x.term(i) * factors + f] += get(parameters, "v" + x.index(i) + "," + f) * x.value(i);
                }
            }
        }
        for (int layer = 0; layer < layers; layer++) {
            double[] units = new double[width];
            for (int unit = 0; unit < width; unit++) {
                double sum = get(parameters, "b" + layer + "," + unit);
                for (int input = 0; input < seen.length; input++) {
                    sum += get(parameters, "W" + layer + "," + unit + "," + input) * seen[input];
                }
                units[unit] = Math.max(0, sum);
            }
            seen = units;
        }
        double margin = factorised(parameters, x, factors, features);
        for (int unit = 0; unit < width; unit++) {
            margin += get(parameters, "out" + unit) * seen[unit];
        }
        return margin;
    }

    static double prediction(Loss loss, double margin) {
        return switch (loss) {
            case LOGISTIC -> 1 / (1 + Math.exp(-margin));
            case SQUARED, ABSOLUTE -> margin;
            case POISSON -> Math.exp(margin);
        };
    }

    static double loss(Loss loss, double margin, double label) {
        return switch (loss) {
            case LOGISTIC -> Math.log1p(Math.exp(label > 0 ? -margin : margin));
            case SQUARED -> (margin - label) * (margin - label) / 2;
            case ABSOLUTE -> Math.abs(margin - label);
            case POISSON -> Math.exp(margin) - label * margin;
        };
    }

    /** The difference quotient of a function by each of some parameters. */
    static Map<String, Double> gradient(
            Map<String, Double> parameters, Iterable<String> names, Function<Map<String, Double>, Double> function) {
        double h = 1e-5;
        Map<String, Double> gradient = new HashMap<>();
        Map<String, Double> moved = new HashMap<>(parameters);
        for (String name : names) {
            double at = get(parameters, name);
            moved.put(name, at + h);
            double above = function.apply(moved);
            moved.put(name, at - h);
            double below = function.apply(moved);
            moved.put(name, at);
            gradient.put(name, (above - below) / (2 * h));
        }
        return gradient;
    }
}
