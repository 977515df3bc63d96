package io.millrace.features.consistency;

import io.millrace.features.aggregate.Origin;
import java.util.Map;

/**
 * A record of the log, as far as it concerns an entity.
 *
 * @param reachedMicros the latest event time that its partition had reached with it
 * @param of what it is for each feature that it concerns, by name
 */
record Seen(
        Origin origin, int partition, long offset, long timeMicros, long reachedMicros, long id, Map<String, Part> of) {
    /**
     * @param counts whether it is one of what the feature counts
     * @param isPer whether it is one of what a rate is a share of
     * @param number not a number where it has none
     */
    record Part(boolean counts, boolean isPer, double number, long[] categories) {}
}
