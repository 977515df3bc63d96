package io.millrace.local.letters;

import io.millrace.record.DeadLetter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; what is null selects all.
 *
 * @param topic they came from, by its name in the cluster
 * @param reason a part of it
 * @param since when they were rejected at the earliest
 * @param until when they were rejected, exclusive
 */
public record Selection(
        @Nullable String topic,
        @Nullable String reason,
        @Nullable Instant since,
        @Nullable Instant until) {
    boolean selects(DeadLetter letter) {
        Instant time = Instant.EPOCH.plus(letter.getTimeMicros(), ChronoUnit.MICROS);
        return (topic == null || topic.equals(letter.getTopic()))
                && (reason == null || letter.getReason().contains(reason))
                && (since == null || !time.isBefore(since))
                && (until == null || time.isBefore(until));
    }
}
