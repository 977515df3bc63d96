package io.millrace.trainer.learn;

import io.millrace.features.spec.ModelSpec;
import io.millrace.wire.Problem;

/**
 * Settings of FTRL-Proximal.
 *
 * @param alpha step size
 * @param beta keeps the first steps small; may be 0
 * @param l1 weights that would stay within it are exactly 0
 * @param l2 pulls weights towards 0
 */
public record FtrlSettings(double alpha, double beta, double l1, double l2) {
    public FtrlSettings {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    new Problem("model.alpha", Double.toString(alpha), "a number above 0").toString());
        }
        atLeastZero("model.beta", beta);
        atLeastZero("model.l1", l1);
        atLeastZero("model.l2", l2);
    }

    /** The settings of a spec. */
    public static FtrlSettings of(ModelSpec spec) {
        return new FtrlSettings(spec.setting("alpha"), spec.setting("beta"), spec.setting("l1"), spec.setting("l2"));
    }

    private static void atLeastZero(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    new Problem(name, Double.toString(value), "a number of at least 0").toString());
        }
    }
}
