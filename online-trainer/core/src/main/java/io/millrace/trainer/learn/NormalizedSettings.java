package io.millrace.trainer.learn;

import io.millrace.features.spec.ModelSpec;
import io.millrace.wire.Problem;

/**
 * Settings of normalised gradient steps.
 *
 * @param rate step size, the same for features of any scale
 */
public record NormalizedSettings(double rate) {
    public NormalizedSettings {
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    new Problem("model.rate", Double.toString(rate), "a number above 0").toString());
        }
    }

    /** The settings of a spec. */
    public static NormalizedSettings of(ModelSpec spec) {
        return new NormalizedSettings(spec.setting("rate"));
    }
}
