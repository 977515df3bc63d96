package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import java.util.HashMap;
import java.util.Map;

/** FTRL-Proximal as the paper writes it: maps of doubles, weights computed when needed. */
final class NaiveFtrl {
    private final Loss loss;
    private final FtrlSettings settings;
    private final Map<Integer, Double> z = new HashMap<>();
    private final Map<Integer, Double> n = new HashMap<>();

    NaiveFtrl(Loss loss, FtrlSettings settings) {
        this.loss = loss;
        this.settings = settings;
    }

    double weight(int index) {
        double zi = z.getOrDefault(index, 0.0);
        double root = Math.sqrt(n.getOrDefault(index, 0.0));
        return Math.abs(zi) <= settings.l1()
                ? 0
                : -(zi - Math.signum(zi) * settings.l1())
                        / ((settings.beta() + root) / settings.alpha() + settings.l2());
    }

    double predict(Map<Integer, Double> x) {
        double margin = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            margin += weight(entry.getKey()) * entry.getValue();
        }
        return switch (loss) {
            case LOGISTIC -> 1 / (1 + Math.exp(-margin));
            case SQUARED, ABSOLUTE -> margin;
            case POISSON -> Math.exp(margin);
        };
    }

    void learn(Map<Integer, Double> x, double label, double importance) {
        double wrong = predict(x) - label;
        double slope = loss == Loss.ABSOLUTE ? Math.signum(wrong) : wrong;
        Map<Integer, Double> before = new HashMap<>();
        x.keySet().forEach(index -> before.put(index, weight(index)));
        double margin = x.keySet().stream()
                .mapToDouble(index -> before.get(index) * x.get(index))
                .sum();
        double reach = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            double g = slope * entry.getValue();
            double root = Math.sqrt(n.getOrDefault(entry.getKey(), 0.0) + importance * g * g);
            reach += Math.pow(entry.getValue(), 2) / ((settings.beta() + root) / settings.alpha() + settings.l2());
        }
        double along = slope == 0
                ? 0
                : slope
                        * NaiveFlow.along(loss, margin, label, importance, reach)
                        / NaiveFlow.along(loss, margin, label, 1, reach);
        x.forEach((index, value) -> {
            double g = slope * value;
            double ni = n.getOrDefault(index, 0.0);
            double sigma = (Math.sqrt(ni + importance * g * g) - Math.sqrt(ni)) / settings.alpha();
            z.merge(index, along * value - sigma * before.get(index), Double::sum);
            n.put(index, ni + importance * g * g);
        });
    }

    /** Importance as a factor of the gradient. */
    void leap(Map<Integer, Double> x, double label, double importance) {
        double wrong = predict(x) - label;
        double slope = importance * (loss == Loss.ABSOLUTE ? Math.signum(wrong) : wrong);
        x.forEach((index, value) -> {
            double before = weight(index);
            double g = slope * value;
            double ni = n.getOrDefault(index, 0.0);
            z.merge(index, g - (Math.sqrt(ni + g * g) - Math.sqrt(ni)) / settings.alpha() * before, Double::sum);
            n.put(index, ni + g * g);
        });
    }
}
