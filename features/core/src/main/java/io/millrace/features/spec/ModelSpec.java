package io.millrace.features.spec;

import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What learns.
 *
 * @param learner which family learns
 * @param loss what it predicts
 * @param bits a hashed table has 2^bits rows for features
 * @param seed salts the hash into the table and whatever a learner draws
 * @param offset a numeric feature that is added to the score as it is, without a weight; null for none
 * @param ids how ids find their weights
 * @param drift what happens when the loss rises
 * @param settings the learner's own settings, all of them, defaults filled in
 */
public record ModelSpec(
        LearnerKind learner,
        Loss loss,
        int bits,
        long seed,
        @Nullable String offset,
        IdSpec ids,
        Drift drift,
        Map<String, Double> settings)
        implements Serializable {
    public ModelSpec {
        settings = Map.copyOf(settings);
    }

    /** A setting of the learner. */
    public double setting(String name) {
        Double value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException("model." + name + ": not a setting of the learner " + learner.text()
                    + " (expected: one of " + settings.keySet() + ")");
        }
        return value;
    }
}
