package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;

/** A margin on its way to the loss's minimum, step by small step (Runge and Kutta's method of order 4). */
final class NaiveFlow {
    private static final int STEPS = 400;
    private static final int STEPS_A_UNIT = 20;

    private NaiveFlow() {}

    static double move(Loss loss, double margin, double label, double time) {
        if (loss == Loss.ABSOLUTE) {
            return Math.signum(label - margin) * Math.min(time, Math.abs(label - margin));
        }
        double steepest = loss == Loss.POISSON ? Math.max(Math.exp(margin), label) : 1;
        int steps = (int) Math.min(100_000, STEPS + STEPS_A_UNIT * time * steepest);
        double h = time / steps;
        double m = margin;
        for (int i = 0; i < steps; i++) {
            double a = -slope(loss, m, label);
            double b = -slope(loss, m + h / 2 * a, label);
            double c = -slope(loss, m + h / 2 * b, label);
            double d = -slope(loss, m + h * c, label);
            m += h / 6 * (a + 2 * b + 2 * c + d);
        }
        return m - margin;
    }

    static double slope(Loss loss, double margin, double label) {
        return switch (loss) {
            case LOGISTIC -> 1 / (1 + Math.exp(-margin)) - label;
            case SQUARED -> margin - label;
            case ABSOLUTE -> Math.signum(margin - label);
            case POISSON -> Math.exp(margin) - label;
        };
    }

    /** The slope summed up over importance. */
    static double along(Loss loss, double margin, double label, double importance, double reach) {
        return reach == 0
                ? importance * slope(loss, margin, label)
                : -move(loss, margin, label, importance * reach) / reach;
    }
}
