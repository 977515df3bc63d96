package io.millrace.ingestion.table;

import io.millrace.ingestion.Records;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQuery;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How a file writes its times. Immutable. */
public final class TimeFormat {
    private interface Parser {
        /** @throws DateTimeException or {@code ArithmeticException} where the text is no such time */
        long micros(String text);
    }

    private final String expected;
    private final Parser parser;

    private TimeFormat(String expected, Parser parser) {
        this.expected = expected;
        this.parser = parser;
    }

    /** Units since 1970 UTC, with or without decimals. */
    public static TimeFormat epoch(TimeUnit unit) {
        BigDecimal perUnit = BigDecimal.valueOf(unit.toNanos(1)).movePointLeft(3);
        return new TimeFormat(
                unit.name().toLowerCase(Locale.ROOT) + " since 1970",
                text -> new BigDecimal(text)
                        .multiply(perUnit)
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact());
    }

    /**
     * ISO 8601: {@code 2001-01-01T08:30:00Z}, with {@code T} or a space, seconds or not, an offset or not, or the date alone.
     *
     * @param zone of times without an offset
     */
    public static TimeFormat iso(ZoneId zone) {
        DateTimeFormatter formatter = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .append(DateTimeFormatter.ISO_LOCAL_DATE)
                .optionalStart()
                .appendPattern("['T'][ ]")
                .append(DateTimeFormatter.ISO_LOCAL_TIME)
                .optionalStart()
                .appendOffsetId()
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
        return new TimeFormat("ISO 8601 like 2001-01-01T08:30:00Z", text -> iso(formatter, text, zone));
    }

    private static long iso(DateTimeFormatter formatter, String text, ZoneId zone) {
        LocalDateTime local = IsoTime.parse(text);
        if (local == null) {
            return micros(formatter, text, zone);
        }
        return micros(local, IsoTime.isUtc(text) ? ZoneOffset.UTC : zone);
    }

    /**
     * A pattern of {@link DateTimeFormatter}.
     *
     * @param zone of times without an offset
     * @throws IllegalArgumentException if the pattern is none
     */
    public static TimeFormat pattern(String pattern, ZoneId zone) {
        DateTimeFormatter formatter = new DateTimeFormatterBuilder()
                .appendPattern(pattern)
                .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
        return new TimeFormat("a time like " + pattern, text -> micros(formatter, text, zone));
    }

    /** What it reads, for people. */
    public String expected() {
        return expected;
    }

    /** Microseconds since 1970 UTC; nothing where the text is no such time. */
    public OptionalLong micros(String text) {
        try {
            return OptionalLong.of(parser.micros(text.strip()));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String toString() {
        return expected;
    }

    private static long micros(DateTimeFormatter formatter, String text, ZoneId zone) {
        TemporalAccessor parsed = formatter.parseBest(
                text, (TemporalQuery<Instant>) TimeFormat::instantIfOffset, LocalDateTime::from, LocalDate::from);
        if (parsed instanceof Instant instant) {
            return Records.micros(instant);
        }
        LocalDateTime local = parsed instanceof LocalDateTime dateTime
                ? dateTime
                : LocalDate.from(parsed).atStartOfDay();
        return micros(local, zone);
    }

    private static long micros(LocalDateTime local, ZoneId zone) {
        return Records.micros(
                zone instanceof ZoneOffset offset
                        ? local.toInstant(offset)
                        : ZonedDateTime.of(local, zone).toInstant());
    }

    private static Instant instantIfOffset(TemporalAccessor parsed) {
        if (!parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
            throw new DateTimeException("no offset");
        }
        return Instant.from(parsed);
    }
}
