package io.millrace.local.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Numbers;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.vector.FeatureKind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The first rows of a table, and what they say about its columns. Not thread-safe. */
final class Sample {
    /** How many rows. */
    static final int ROWS = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    /** The column of Vowpal Wabbit's initial predictions. */
    static final String BASE = "base";

    private static final Set<String> VW_HEAD = Set.of("label", "importance", "base", "tag");

    /** How a table names its columns. */
    private enum Naming {
        HEADER,
        JSON,
        VW
    }

    private final String file;
    private final Table table;
    private final List<Row> rows;
    private final Naming naming;
    private final List<String> columns;

    private Sample(String file, Table table, List<Row> rows, boolean wantsBase) {
        this.file = file;
        this.table = table;
        this.rows = List.copyOf(rows);
        this.naming = naming(table);
        this.columns = switch (naming) {
            case HEADER -> table.columns();
            case JSON -> jsonFields();
            case VW -> namespaces(wantsBase);
        };
    }

    /**
     * Takes the first rows out of an iteration.
     *
     * @param file how the table is called
     * @param wantsBase whether the base of Vowpal Wabbit's examples is a column even where none of the rows has it
     * @throws DataException if none of them is of the format that the table is read in
     */
    static Sample of(String file, Table table, Iterator<Row> iteration, boolean wantsBase) {
        List<Row> rows = new ArrayList<>();
        while (rows.size() < ROWS && iteration.hasNext()) {
            rows.add(iteration.next());
        }
        Sample sample = new Sample(file, table, rows, wantsBase);
        sample.requireFormat();
        return sample;
    }

    List<Row> rows() {
        return rows;
    }

    /** Columns that can be features; those of the header or the schema, or those that occur. */
    List<String> columns() {
        return columns;
    }

    /** Where the columns are named, as problems say it. */
    String place() {
        return isOpen() ? file : file + ", line 1";
    }

    /** Whether rows may have other columns than {@link #columns}. */
    boolean isOpen() {
        return naming != Naming.HEADER;
    }

    boolean isVw() {
        return naming == Naming.VW;
    }

    /**
     * What a column seems to hold; nothing where it is empty in all rows. Where two thirds are numbers it is numeric: the
     * others are mistakes, and better told than learned as names.
     */
    Optional<FeatureKind> kind(String name) {
        if (isVw() && !VW_HEAD.contains(name)) {
            return Optional.of(FeatureKind.WEIGHTED_SET);
        }
        Column column = table.column(name);
        int numbers = 0;
        int texts = 0;
        for (Row row : rows) {
            Optional<FeatureKind> here = kind(row, column);
            if (here.isEmpty()) {
                continue;
            }
            switch (here.get()) {
                case NUMERIC -> numbers++;
                case CATEGORICAL -> texts++;
                case CATEGORICAL_SET, WEIGHTED_SET, SEQUENCE, EMBEDDING -> {
                    return here;
                }
            }
        }
        if (numbers + texts == 0) {
            return Optional.empty();
        }
        return Optional.of(numbers >= 2 * texts ? FeatureKind.NUMERIC : FeatureKind.CATEGORICAL);
    }

    private static Optional<FeatureKind> kind(Row row, Column column) {
        try {
            return row.findNumber(column).isPresent() ? Optional.of(FeatureKind.NUMERIC) : Optional.empty();
        } catch (DataException noNumber) {
            return reads(() -> row.find(column)) ? Optional.of(FeatureKind.CATEGORICAL) : kindOfMany(row, column);
        }
    }

    /** A list of numbers that are not all whole is an embedding; nothing where the row cannot be read. */
    private static Optional<FeatureKind> kindOfMany(Row row, Column column) {
        try {
            List<OptionalDouble> numbers = row.scalars(column, ColumnFillers.SEPARATOR).stream()
                    .map(Numbers::parse)
                    .toList();
            boolean isEmbedding = numbers.stream().allMatch(OptionalDouble::isPresent)
                    && numbers.stream().anyMatch(number -> number.getAsDouble() != Math.rint(number.getAsDouble()));
            return Optional.of(isEmbedding ? FeatureKind.EMBEDDING : FeatureKind.CATEGORICAL_SET);
        } catch (DataException noList) {
            return Optional.of(FeatureKind.WEIGHTED_SET).filter(kind -> reads(() -> row.weights(column)));
        }
    }

    private static boolean isPresent(Row row, Column column) {
        try {
            return row.find(column).isPresent();
        } catch (DataException e) {
            return false;
        }
    }

    private static boolean reads(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (DataException e) {
            return false;
        }
    }

    /** Different values of a column, at most {@code most}. */
    SortedSet<String> values(String name, int most) {
        Column column = table.column(name);
        SortedSet<String> values = new TreeSet<>();
        for (Row row : rows) {
            if (values.size() < most) {
                reads(() -> row.find(column).ifPresent(values::add));
            }
        }
        return values;
    }

    private static Naming naming(Table table) {
        return switch (table.format()) {
            case CSV, TSV, PARQUET, AVRO -> Naming.HEADER;
            case NDJSON -> Naming.JSON;
            case VW -> Naming.VW;
        };
    }

    private void requireFormat() {
        if (!rows.isEmpty() && rows.stream().noneMatch(this::isOfFormat)) {
            Row first = rows.get(0);
            String expected = isVw() ? "an example of Vowpal Wabbit a line" : "one JSON object a line";
            throw first.wrong(first.raw(), expected + hint());
        }
    }

    private boolean isOfFormat(Row row) {
        return switch (naming) {
            case HEADER -> true;
            case JSON -> isObject(row.raw());
            case VW -> row.raw().indexOf('|') >= 0 && !isObject(row.raw());
        };
    }

    private static boolean isObject(String text) {
        try {
            return text.stripLeading().startsWith("{") && JSON.readTree(text).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** As what the table is read, where it seems to be something else: to be said after what was expected; else empty. */
    String hint() {
        String first = switch (table.format()) {
            case CSV, TSV -> String.join(table.format() == TableFormat.TSV ? "\t" : ",", table.columns());
            case NDJSON, VW -> rows.get(0).raw();
            case PARQUET, AVRO -> "";
        };
        TableFormat seems = first.isEmpty() ? table.format() : TableFormat.ofText(first);
        return seems == table.format()
                ? ""
                : "; the file is read as " + name(table.format()) + " and seems to be " + name(seems)
                        + ": --format tells";
    }

    private static String name(TableFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private List<String> jsonFields() {
        Set<String> names = new LinkedHashSet<>();
        for (Row row : rows) {
            try {
                addFields("", JSON.readTree(row.raw()), names);
            } catch (JsonProcessingException broken) {
                continue;
            }
        }
        return List.copyOf(names);
    }

    /** A field within an object is {@code outer.inner}; an object of numbers is one field, a weighted set. */
    private static void addFields(String prefix, JsonNode object, Set<String> names) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = prefix + field.getKey();
            boolean isNested = field.getValue().isObject()
                    && field.getValue().properties().stream()
                            .anyMatch(inner -> !inner.getValue().isNumber());
            if (isNested) {
                addFields(name + ".", field.getValue(), names);
            } else {
                names.add(name);
            }
        }
    }

    /** What is predicted of Vowpal Wabbit's examples before anything is learned. */
    boolean hasBase() {
        return isVw() && columns.contains(BASE);
    }

    private List<String> namespaces(boolean wantsBase) {
        Set<String> names = new LinkedHashSet<>();
        Column base = table.column(BASE);
        if (wantsBase || rows.stream().anyMatch(row -> isPresent(row, base))) {
            names.add(BASE);
        }
        for (Row row : rows) {
            String text = row.raw();
            for (int bar = text.indexOf('|'); bar >= 0; bar = text.indexOf('|', bar + 1)) {
                int end = bar + 1;
                while (end < text.length() && " \t|:".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                names.add(end == bar + 1 ? "default" : text.substring(bar + 1, end));
            }
        }
        return List.copyOf(names);
    }
}
