package io.millrace.trainer.learn;

import io.millrace.wire.Problem;

/**
 * A weight that was learned elsewhere, with what an optimiser has to know besides.
 *
 * @param weight what a unit of the feature adds to the margin
 * @param confidence how much evidence it stands for, as so many examples of slope 1 at value {@code scale}; above 0. The larger,
 *     the slower it moves
 * @param scale the largest magnitude of the feature's values so far; 1 for categories
 */
public record Prior(float weight, double confidence, double scale) {
    public Prior {
        if (!Float.isFinite(weight)) {
            throw problem("weight", weight, "a finite number");
        }
        positive("confidence", confidence);
        positive("scale", scale);
    }

    private static void positive(String name, double value) {
        if (!(value > 0 && value <= Float.MAX_VALUE)) {
            throw problem(name, value, "a number above 0");
        }
    }

    private static IllegalArgumentException problem(String name, double value, String expected) {
        return new IllegalArgumentException(new Problem(name, Double.toString(value), expected).toString());
    }
}
