package io.millrace.trainer.learn;

import java.util.HashMap;
import java.util.Map;

/** One member of {@code auto} by its documentation: maps of doubles. */
final class NaiveAutoMember {
    private final AutoMember settings;
    private final Map<Integer, Double> scales = new HashMap<>();
    private final Map<Integer, Double> weights = new HashMap<>();
    private final Map<Integer, Double> variances = new HashMap<>();

    NaiveAutoMember(AutoMember settings) {
        this.settings = settings;
    }

    double margin(Map<Integer, Double> x) {
        double sum = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            sum += weights.getOrDefault(entry.getKey(), 0.0) * share(entry.getKey(), entry.getValue());
        }
        return sum;
    }

    private double share(int row, double value) {
        return value == 0 ? 0 : value / Math.max(Math.abs(value), scales.getOrDefault(row, 0.0));
    }

    /**
     * @param descent less the derivative of the loss, with the importance
     * @param curvature with the importance
     */
    void learn(Map<Integer, Double> x, double descent, double curvature) {
        double spread = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            double q = share(entry.getKey(), entry.getValue());
            spread += variances.getOrDefault(entry.getKey(), (double) settings.variance()) * q * q;
        }
        double divisor = 1 + curvature * spread;
        x.forEach((row, value) -> {
            if (value != 0) {
                double q = share(row, value);
                scales.merge(row, Math.abs(value), Math::max);
                double v = variances.getOrDefault(row, (double) settings.variance());
                double w = weights.getOrDefault(row, 0.0);
                weights.put(row, (w + v * q * descent / divisor) * (1 - settings.decay()));
                variances.put(
                        row,
                        v
                                - v * q * v * q * curvature / divisor
                                + settings.relaxation() * (settings.variance() - v) * q * q);
            }
        });
    }

    double weight(int row) {
        return weights.getOrDefault(row, 0.0);
    }

    double variance(int row) {
        return variances.getOrDefault(row, 0.0);
    }
}
