package io.millrace.ingestion.replay;

import io.millrace.ingestion.table.Row;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A column that becomes a value of an event; where it is empty, the event has no such value.
 *
 * @param name in the event
 * @param column in the file
 */
public record ValueColumn(String name, String column, Type type) {
    /** What a column holds. */
    public sealed interface Type permits Numeric, Text, Bool, Texts {}

    /** Decimal numbers. */
    public record Numeric() implements Type {}

    /** Any text. */
    public record Text() implements Type {}

    /** {@code true}, {@code false}, 1 or 0. */
    public record Bool() implements Type {}

    /** Several texts, between separators; in NDJSON an array as well. */
    public record Texts(String separator) implements Type {}

    public static ValueColumn numeric(String column) {
        return new ValueColumn(column, column, new Numeric());
    }

    public static ValueColumn text(String column) {
        return new ValueColumn(column, column, new Text());
    }

    public static ValueColumn bool(String column) {
        return new ValueColumn(column, column, new Bool());
    }

    public static ValueColumn texts(String column, String separator) {
        return new ValueColumn(column, column, new Texts(separator));
    }

    /** The same column under another name in the event. */
    public ValueColumn named(String newName) {
        return new ValueColumn(newName, column, type);
    }

    /** The value as an {@code Event} holds it, if the row has it. */
    Optional<Object> read(Row row) {
        if (type instanceof Texts texts) {
            List<String> list = row.list(column, texts.separator());
            return list.isEmpty() ? Optional.empty() : Optional.of(list);
        }
        if (type instanceof Numeric) {
            OptionalDouble number = row.findNumber(column);
            return number.isEmpty() ? Optional.empty() : Optional.of(number.getAsDouble());
        }
        return row.find(column).map(text -> parse(row, text));
    }

    private Object parse(Row row, String text) {
        if (type instanceof Bool) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true", "1" -> true;
                case "false", "0" -> false;
                default -> throw row.wrong(column, text, "true, false, 1 or 0");
            };
        }
        return text;
    }
}
