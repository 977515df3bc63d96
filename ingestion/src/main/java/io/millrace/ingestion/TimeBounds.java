package io.millrace.ingestion;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which times a record may have.
 *
 * @param clock against which they are held
 * @param ahead how far beyond the clock a time may be
 * @param back how far before it; null for any
 */
public record TimeBounds(
        Clock clock, Duration ahead, @Nullable Duration back) {
    /** How far beyond the clock a time may be, unless told. */
    public static final Duration AHEAD = Duration.ofDays(1);

    /** What is expected of a time, in microseconds since 1970 UTC, that it is not; nothing of one within the bounds. */
    public Optional<String> expected(long micros) {
        Instant now = clock.instant();
        Instant latest = now.plus(ahead);
        if (micros > Records.micros(latest)) {
            return Optional.of("at most " + ahead.toHours() + " h ahead of the clock, " + latest);
        }
        if (back != null && micros < Records.micros(now.minus(back))) {
            return Optional.of("at most " + back.toDays() + " days ago, " + now.minus(back));
        }
        return Optional.empty();
    }

    /** The time that a text in RFC 3339 says, in microseconds since 1970 UTC. */
    public static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Records.micros(OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
