package io.millrace.trainer.learn;

import io.millrace.features.spec.ModelSpec;
import io.millrace.wire.Problem;

/**
 * Settings of coin betting.
 *
 * @param wealth what a weight may stake before it has won anything
 */
public record CoinSettings(double wealth) {
    public CoinSettings {
        if (!(wealth > 0 && wealth < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    new Problem("model.wealth", Double.toString(wealth), "a number above 0").toString());
        }
    }

    /** The settings of a spec. */
    public static CoinSettings of(ModelSpec spec) {
        return new CoinSettings(spec.setting("wealth"));
    }
}
