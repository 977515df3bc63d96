package io.millrace.ingestion.replay;

import io.millrace.wire.Problem;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One row of a {@link Table}. Every reader throws {@link DataException}, with file, line, column and value, where the row is
 * broken or the value is not what was asked for; the rows after it can be read all the same.
 */
public abstract sealed class Row permits CsvRow, JsonRow {
    private final String file;
    private final long line;

    Row(String file, long line) {
        this.file = file;
        this.line = line;
    }

    /** The line of the file on which the row starts, from 1. */
    public final long line() {
        return line;
    }

    /** The value as text; nothing where it is empty or {@code null}, or a JSON object has no such field. */
    public abstract Optional<String> find(String column);

    /** The texts of a list; none where it is empty. In JSON an array, or a text with separators as in CSV. */
    public abstract List<String> list(String column, String separator);

    /** The row as it stands in the file, or for CSV as it could stand there. */
    public abstract String raw();

    /** A text that has to be there. */
    public final String text(String column) {
        return find(column).orElseThrow(() -> wrong(column, "empty", "a text"));
    }

    /** A finite number that has to be there. */
    public final double number(String column) {
        String text = find(column).orElseThrow(() -> wrong(column, "empty", Numbers.EXPECTED));
        return Numbers.parse(text).orElseThrow(() -> wrong(column, text, Numbers.EXPECTED));
    }

    /** A number that has to be there, within two bounds that are both allowed. */
    public final double number(String column, double from, double to) {
        String expected = "a number, " + from + " to " + to;
        String text = find(column).orElseThrow(() -> wrong(column, "empty", expected));
        OptionalDouble value = Numbers.parse(text);
        if (value.isEmpty() || value.getAsDouble() < from || value.getAsDouble() > to) {
            throw wrong(column, text, expected);
        }
        return value.getAsDouble();
    }

    /** An integer that has to be there. */
    public final long integer(String column) {
        return integer(column, Long.MIN_VALUE, Long.MAX_VALUE, "an integer");
    }

    /** An integer that has to be there, within two bounds that are both allowed. */
    public final long integer(String column, long from, long to) {
        return integer(column, from, to, "an integer, " + from + " to " + to);
    }

    private long integer(String column, long from, long to, String expected) {
        String text = find(column).orElseThrow(() -> wrong(column, "empty", expected));
        try {
            long value = Long.parseLong(text.strip());
            if (value >= from && value <= to) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrong(column, text, expected);
        }
        throw wrong(column, text, expected);
    }

    /** For readers of their own: says that a value of this row is not what it should be. */
    public final DataException wrong(String column, String value, String expected) {
        return new DataException(new Problem(place() + ", column " + column, value, expected), line);
    }

    final DataException wrong(String value, String expected) {
        return new DataException(new Problem(place(), value, expected), line);
    }

    private String place() {
        return file + ", line " + line;
    }
}
