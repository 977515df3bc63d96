package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;

/** The losses' derivatives. */
final class Losses {
    private Losses() {}

    /**
     * The derivative of an example's loss by the margin: of log-loss, (p - y)² / 2, |p - y|, and p - y ln p.
     *
     * @param prediction on the scale of the loss
     */
    static double slope(Loss loss, double prediction, double label) {
        return switch (loss) {
            case LOGISTIC, SQUARED, POISSON -> prediction - label;
            case ABSOLUTE -> Math.signum(prediction - label);
        };
    }
}
