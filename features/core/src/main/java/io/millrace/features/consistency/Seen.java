package io.millrace.features.consistency;

import io.millrace.features.aggregate.Origin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log, as far as it concerns an entity.
 *
 * @param reachedMicros the latest event time that its partition had reached with it
 * @param of what it says for each feature that it concerns, by name
 */
record Seen(Origin origin, int partition, long offset, long reachedMicros, Map<String, List<Said>> of) {
    /**
     * That something happened, or that something happened otherwise than was said before.
     *
     * @param timeMicros when it happened
     * @param wrong of a correction, what was said; null where nothing was
     * @param right what happened; null where a correction says that nothing did
     */
    record Said(
            long timeMicros,
            long id,
            boolean isCorrection,
            @Nullable Part wrong,
            @Nullable Part right) {}

    /**
     * One of what a feature is made of.
     *
     * @param counts whether it is one of what the feature counts
     * @param isPer whether it is one of what a rate is a share of
     * @param number not a number where it has none
     */
    record Part(boolean counts, boolean isPer, double number, long[] categories) {
        static boolean isSame(@Nullable Part one, @Nullable Part other) {
            return one == null || other == null
                    ? one == other
                    : one.counts == other.counts
                            && one.isPer == other.isPer
                            && Double.compare(one.number, other.number) == 0
                            && Arrays.equals(one.categories, other.categories);
        }
    }
}
