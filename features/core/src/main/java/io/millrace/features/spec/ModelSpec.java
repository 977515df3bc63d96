package io.millrace.features.spec;

import java.util.Map;

/**
 * What learns.
 *
 * @param learner the learner's name
 * @param loss what it predicts
 * @param bits the table has 2^bits weights
 * @param seed salts the hash into the table and whatever a learner draws
 * @param settings the learner's own settings, all of them, defaults filled in
 */
public record ModelSpec(String learner, Loss loss, int bits, long seed, Map<String, Double> settings) {
    public ModelSpec {
        settings = Map.copyOf(settings);
    }

    /** A setting of the learner. */
    public double setting(String name) {
        Double value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException("model." + name + ": not a setting of the learner " + learner
                    + " (expected: one of " + settings.keySet() + ")");
        }
        return value;
    }
}
