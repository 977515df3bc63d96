package io.millrace.local.learn;

import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Numbers;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.TimeFormat;
import java.time.ZoneOffset;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When a row happened; always at 0 where no column says it. Not thread-safe. */
final class EventTime {
    private static final double MILLIS_FROM = 1e11;
    private static final double MICROS_FROM = 1e14;
    private static final double NANOS_FROM = 1e17;

    private final @Nullable Column column;
    private final TimeFormat format;
    private String last = "";
    private long micros;

    private EventTime(@Nullable Column column, TimeFormat format) {
        this.column = column;
        this.format = format;
    }

    static EventTime none() {
        return new EventTime(null, TimeFormat.iso(ZoneOffset.UTC));
    }

    /**
     * Times of a column: ISO 8601, in UTC unless they say otherwise, or numbers since 1970, whose size tells seconds,
     * milliseconds, microseconds or nanoseconds.
     *
     * @param example one of its values
     */
    static EventTime of(Column column, String example) {
        OptionalDouble number = Numbers.parse(example);
        return new EventTime(
                column,
                number.isEmpty()
                        ? TimeFormat.iso(ZoneOffset.UTC)
                        : TimeFormat.epoch(unit(Math.abs(number.getAsDouble()))));
    }

    private static TimeUnit unit(double size) {
        if (size < MILLIS_FROM) {
            return TimeUnit.SECONDS;
        }
        if (size < MICROS_FROM) {
            return TimeUnit.MILLISECONDS;
        }
        return size < NANOS_FROM ? TimeUnit.MICROSECONDS : TimeUnit.NANOSECONDS;
    }

    /**
     * Goes to a row's time, in microseconds since 1970.
     *
     * @throws DataException if the row has none
     */
    long read(Row row) {
        if (column != null) {
            String text = row.text(column);
            if (!text.equals(last)) {
                micros = row.time(column, format);
                last = text;
            }
        }
        return micros;
    }

    /** The time of the row that was read last. */
    long micros() {
        return micros;
    }
}
