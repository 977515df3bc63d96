package io.millrace.features.aggregate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That an observation was wrong, as one aggregate takes it. At least one of the two is there; they are of the same time.
 *
 * @param knownMicros the event time at which that became known
 * @param wrong what is taken back; null where nothing was counted that should have been
 * @param right what counts instead; null where nothing does
 */
public record Correction(
        long knownMicros,
        @Nullable Observation wrong,
        @Nullable Observation right) {
    /** The time of what is corrected. */
    public long timeMicros() {
        return Objects.requireNonNull(right == null ? wrong : right).timeMicros();
    }

    /** Whether something is taken back and nothing counts instead. */
    boolean isRemoval() {
        return right == null;
    }
}
