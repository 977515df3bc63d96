package io.millrace.trainer.score;

import io.millrace.features.spec.Loss;

/** From a margin, the sum that a model comes to, to a prediction on the scale of its loss. */
public final class Link {
    /** Margins of a probability are clamped to ± this, so that no probability is ever 0 or 1: 1/(1+e^35) is about 6e-16. */
    public static final double MAX_MARGIN = 35;

    /** Margins of a count are clamped to ± this: e^20 is about 5e8. */
    public static final double MAX_LOG_COUNT = 20;

    private Link() {}

    /** A probability for logistic, a mean above 0 for Poisson, the margin itself for squared and absolute loss. */
    public static double prediction(Loss loss, double margin) {
        return switch (loss) {
            case LOGISTIC -> 1 / (1 + StrictMath.exp(-clamped(margin, MAX_MARGIN)));
            case SQUARED, ABSOLUTE -> margin;
            case POISSON -> StrictMath.exp(clamped(margin, MAX_LOG_COUNT));
        };
    }

    private static double clamped(double margin, double most) {
        return Math.max(-most, Math.min(most, margin));
    }
}
