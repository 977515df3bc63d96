package io.millrace.ingestion.table;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * What a row's value can be: {@code null}, a {@code String}, a {@code Number}, a {@code Boolean}, a {@code java.time} value,
 * a {@code List} or a {@code Map} of such, or {@link Unreadable}.
 */
final class Cells {
    /** What the decoder puts where bytes are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private static final String UTF_8 = "a text in UTF-8";
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Cells() {}

    /** The text of what is neither a list nor a map. */
    static String text(Object scalar) {
        return scalar instanceof BigDecimal decimal ? decimal.toPlainString() : scalar.toString();
    }

    /** A text as it was decoded, unless it was none. */
    static Object decoded(String text) {
        return text.indexOf(REPLACEMENT) < 0 ? text : new Unreadable(text, UTF_8);
    }

    static Object utf8(byte[] bytes) {
        return decoded(new String(bytes, StandardCharsets.UTF_8));
    }

    /** A time since 1970 UTC. */
    static Instant instant(long value, TimeUnit unit) {
        long perSecond = unit.convert(1, TimeUnit.SECONDS);
        long nanos = Math.floorMod(value, perSecond) * (NANOS_PER_SECOND / perSecond);
        return Instant.ofEpochSecond(Math.floorDiv(value, perSecond), nanos);
    }

    /** The same without a zone. */
    static LocalDateTime local(long value, TimeUnit unit) {
        return LocalDateTime.ofInstant(instant(value, unit), ZoneOffset.UTC);
    }

    /** A time of day. */
    static Object timeOfDay(long value, TimeUnit unit) {
        long nanos = unit.toNanos(value);
        return nanos < 0 || nanos > LocalTime.MAX.toNanoOfDay()
                ? new Unreadable(Long.toString(value), "a time of day")
                : LocalTime.ofNanoOfDay(nanos);
    }
}
