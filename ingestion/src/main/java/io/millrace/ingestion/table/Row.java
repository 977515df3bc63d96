package io.millrace.ingestion.table;

import io.millrace.ingestion.Records;
import io.millrace.wire.Problem;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One row of a {@link Table}. Every reader throws {@link DataException}, with file, line, column and value, where the row is
 * broken or the value is not what was asked for; the rows after it can be read all the same.
 *
 * <p>Columns are asked for by name, or by the {@link Column} that {@link Table#column} gives, which saves the look-up.
 */
public abstract sealed class Row permits CsvRow, JsonRow, TypedRow, VwRow {
    private static final String SCALAR = "a text, a number, true or false";
    private static final String TEXT = "a text";
    private static final String INTEGER = "an integer";
    private static final String TEXTS = "a list of texts";
    private static final String SCALARS = "a list of texts, numbers, true or false";

    private final Columns columns;
    private final long line;

    Row(Columns columns, long line) {
        this.columns = columns;
        this.line = line;
    }

    /** A value as {@link Cells} has it; null where there is none. */
    abstract @Nullable Object cell(Column column);

    /**
     * The row as it stands in the file; for CSV and TSV as it could stand there, and for Avro and Parquet as a JSON object.
     */
    public abstract String raw();

    /** The line of the file on which the row starts, from 1; in Avro and Parquet the number of the row. */
    public final long line() {
        return line;
    }

    /** The value as text; nothing where it is empty or {@code null}, or the row has no such column. */
    public final Optional<String> find(Column column) {
        Object value = scalar(column);
        return value == null ? Optional.empty() : Optional.of(Cells.text(value));
    }

    public final Optional<String> find(String column) {
        return find(columns.get(column));
    }

    /** A text that has to be there. */
    public final String text(Column column) {
        return Cells.text(present(column, TEXT));
    }

    public final String text(String column) {
        return text(columns.get(column));
    }

    /** A finite number, if there is a value. */
    public final OptionalDouble findNumber(Column column) {
        Object value = scalar(column);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(number(column, value));
    }

    public final OptionalDouble findNumber(String column) {
        return findNumber(columns.get(column));
    }

    /** A finite number that has to be there. */
    public final double number(Column column) {
        return number(column, present(column, Numbers.EXPECTED));
    }

    public final double number(String column) {
        return number(columns.get(column));
    }

    private double number(Column column, Object value) {
        double number = Numbers.ofCell(value);
        if (Double.isNaN(number)) {
            throw wrong(column, Cells.text(value), Numbers.EXPECTED);
        }
        return number;
    }

    /** A number that has to be there, within two bounds that are both allowed. */
    public final double number(Column column, double from, double to) {
        Object value = scalar(column);
        double number = value == null ? Double.NaN : Numbers.ofCell(value);
        if (!(number >= from && number <= to)) {
            throw wrong(column, value == null ? "empty" : Cells.text(value), "a number, " + from + " to " + to);
        }
        return number;
    }

    public final double number(String column, double from, double to) {
        return number(columns.get(column), from, to);
    }

    /** An integer that has to be there. */
    public final long integer(Column column) {
        return integer(column, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    public final long integer(String column) {
        return integer(columns.get(column));
    }

    /** An integer that has to be there, within two bounds that are both allowed. */
    public final long integer(Column column, long from, long to) {
        Object value = scalar(column);
        OptionalLong integer = value == null ? OptionalLong.empty() : integer(value);
        if (integer.isEmpty() || integer.getAsLong() < from || integer.getAsLong() > to) {
            boolean isAny = from == Long.MIN_VALUE && to == Long.MAX_VALUE;
            throw wrong(
                    column,
                    value == null ? "empty" : Cells.text(value),
                    isAny ? INTEGER : INTEGER + ", " + from + " to " + to);
        }
        return integer.getAsLong();
    }

    public final long integer(String column, long from, long to) {
        return integer(columns.get(column), from, to);
    }

    private static OptionalLong integer(Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return OptionalLong.of(((Number) value).longValue());
        }
        if (!(value instanceof String || value instanceof BigInteger)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value.toString().strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * A time that has to be there, in microseconds since 1970 UTC, rounded down.
     *
     * @param format of times that are texts or numbers; a file that knows its times better is believed
     */
    public final long time(Column column, TimeFormat format) {
        Object value = present(column, format.expected());
        if (value instanceof Instant instant) {
            return Records.micros(instant);
        }
        String text = Cells.text(value);
        return format.micros(text).orElseThrow(() -> wrong(column, text, format.expected()));
    }

    public final long time(String column, TimeFormat format) {
        return time(columns.get(column), format);
    }

    /** The texts of a list; none where it is empty. A text is one with separators between them. */
    public final List<String> list(Column column, String separator) {
        Object value = checked(column);
        if (value instanceof List<?> list) {
            return texts(column, list);
        }
        return value == null ? List.of() : split(scalarText(column, value), separator);
    }

    public final List<String> list(String column, String separator) {
        return list(columns.get(column), separator);
    }

    /** The same of a list that may hold numbers, true and false, too: each as a text. */
    public final List<String> scalars(Column column, String separator) {
        Object value = checked(column);
        if (!(value instanceof List<?> list)) {
            return value == null ? List.of() : split(scalarText(column, value), separator);
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object element : list) {
            if (element == null || element instanceof List || element instanceof Map || element instanceof Unreadable) {
                throw wrong(column, Json.text(list), SCALARS);
            }
            texts.add(Cells.text(element));
        }
        return texts;
    }

    private List<String> texts(Column column, List<?> list) {
        List<String> texts = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw wrong(column, Json.text(list), TEXTS);
            }
            texts.add(text);
        }
        return texts;
    }

    private static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int to = text.indexOf(separator); to >= 0; to = text.indexOf(separator, from)) {
            if (to > from) {
                parts.add(text.substring(from, to));
            }
            from = to + separator.length();
        }
        if (from < text.length()) {
            parts.add(text.substring(from));
        }
        return parts;
    }

    /**
     * A weighted set, in the order of the file; none where it is empty. It is a namespace of Vowpal Wabbit, an object or a
     * map of numbers, a list of texts that weigh 1, or a text in Vowpal Wabbit's notation: {@code a:1.5 b}.
     */
    public List<Weight> weights(Column column) {
        Object value = checked(column);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return Weight.ones(texts(column, list));
        }
        List<Weight> weights = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object weight = entry.getValue();
                double number = weight instanceof Number ? Numbers.ofCell(weight) : Double.NaN;
                if (Double.isNaN(number)) {
                    throw wrong(column, entry.getKey() + ":" + weight, Weight.EXPECTED);
                }
                weights.add(new Weight(String.valueOf(entry.getKey()), number));
            }
            return weights;
        }
        String bad = value instanceof String text ? Weight.parse(text, 1, weights) : Cells.text(value);
        if (!bad.isEmpty()) {
            throw wrong(column, bad, Weight.EXPECTED);
        }
        return weights;
    }

    public final List<Weight> weights(String column) {
        return weights(columns.get(column));
    }

    /** Where the row is: {@code FILE, line N}. */
    public final String place() {
        return columns.origin().place(line);
    }

    /** For readers of their own: says that a value of this row is not what it should be. */
    public final DataException wrong(String column, String value, String expected) {
        return new DataException(new Problem(place() + ", column " + column, value, expected), line);
    }

    public final DataException wrong(Column column, String value, String expected) {
        return wrong(column.name(), value, expected);
    }

    /** The same of the row as a whole. */
    public final DataException wrong(String value, String expected) {
        return new DataException(new Problem(place(), value, expected), line);
    }

    private Object present(Column column, String expected) {
        Object value = scalar(column);
        if (value == null) {
            throw wrong(column, "empty", expected);
        }
        return value;
    }

    private @Nullable Object scalar(Column column) {
        Object value = checked(column);
        if (value instanceof List || value instanceof Map) {
            throw wrong(column, Json.text(value), SCALAR);
        }
        return value;
    }

    private String scalarText(Column column, Object value) {
        if (value instanceof Map) {
            throw wrong(column, Json.text(value), TEXTS);
        }
        return Cells.text(value);
    }

    /** A value that can be read; null where it is empty. */
    final @Nullable Object checked(Column column) {
        if (!column.isOf(columns)) {
            throw new IllegalArgumentException(column + ": a column of another table (expected: one of this)");
        }
        Object value = cell(column);
        if (value instanceof String text && text.isEmpty()) {
            return null;
        }
        if (value instanceof Unreadable unreadable) {
            throw wrong(column, unreadable.found(), unreadable.expected());
        }
        return value;
    }
}
