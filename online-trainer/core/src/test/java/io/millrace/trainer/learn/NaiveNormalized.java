package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import java.util.HashMap;
import java.util.Map;

/** Normalised steps as the paper writes them: maps of doubles, squares of whole gradients, small steps along the way. */
final class NaiveNormalized {
    private final Loss loss;
    private final double rate;
    private final Map<Integer, Double> w = new HashMap<>();
    private final Map<Integer, Double> s = new HashMap<>();
    private final Map<Integer, Double> squares = new HashMap<>();
    private double n;
    private double t;
    private double labels;

    NaiveNormalized(Loss loss, double rate) {
        this.loss = loss;
        this.rate = rate;
    }

    double margin(Map<Integer, Double> x) {
        double sum = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            double most = s.getOrDefault(entry.getKey(), 0.0);
            sum += w.getOrDefault(entry.getKey(), 0.0) * Math.max(-most, Math.min(most, entry.getValue()));
        }
        return sum;
    }

    void learn(Map<Integer, Double> x, double label, double importance) {
        double margin = margin(x);
        double slope = NaiveFlow.slope(loss, margin, label);
        x.forEach((i, value) -> {
            double before = s.getOrDefault(i, 0.0);
            if (Math.abs(value) > before) {
                w.merge(i, before / Math.abs(value), (a, b) -> a * b);
                s.put(i, Math.abs(value));
            }
            n += importance * Math.pow(value / s.get(i), 2);
            squares.merge(i, importance * slope * slope * value * value, Double::sum);
        });
        t += importance;
        labels += importance * Math.pow(Math.max(Math.abs(label), Math.abs(margin)), 2);
        boolean logarithms = loss == Loss.LOGISTIC || loss == Loss.POISSON;
        double step = rate * Math.sqrt(t / n) * (logarithms ? 1 : Math.sqrt(labels / t));
        double reach = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            reach += Math.pow(entry.getValue(), 2) * rateOf(step, entry.getKey());
        }
        double along = NaiveFlow.along(loss, margin, label, importance, reach);
        x.forEach((i, value) -> w.merge(i, -along * rateOf(step, i) * value, Double::sum));
    }

    private double rateOf(double step, int i) {
        return squares.get(i) > 0 ? step / (s.get(i) * Math.sqrt(squares.get(i))) : 0;
    }
}
