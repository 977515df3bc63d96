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

    /**
     * The slope of an example, importance included.
     *
     * @throws DivergedException if it is not finite
     */
    static double slope(Loss loss, double prediction, Instance instance) {
        return finite(instance.offset(), instance.importance() * slope(loss, prediction, instance.label()));
    }

    /**
     * By how much the slope would have been another with the right label, at this prediction.
     *
     * @throws DivergedException if it is not finite
     */
    static double correction(Loss loss, double prediction, Instance instance) {
        return finite(
                instance.offset(),
                instance.importance() * slope(loss, prediction, instance.label())
                        - instance.replacedImportance() * slope(loss, prediction, instance.replacedLabel()));
    }

    /** The slope of the example at an offset, if it is finite. */
    static double finite(long offset, double slope) {
        if (!Double.isFinite(slope)) {
            throw new DivergedException(offset, "gradient", slope);
        }
        return slope;
    }
}
