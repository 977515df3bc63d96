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
        double slope = importance * (loss == Loss.ABSOLUTE ? Math.signum(wrong) : wrong);
        Map<Integer, Double> before = new HashMap<>();
        x.keySet().forEach(index -> before.put(index, weight(index)));
        x.forEach((index, value) -> {
            double g = slope * value;
            double ni = n.getOrDefault(index, 0.0);
            double sigma = (Math.sqrt(ni + g * g) - Math.sqrt(ni)) / settings.alpha();
            z.merge(index, g - sigma * before.get(index), Double::sum);
            n.put(index, ni + g * g);
        });
    }
}
