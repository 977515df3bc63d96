package io.millrace.ingestion.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column of a Parquet file, named {@code outer.inner} within groups. Immutable.
 *
 * @param leaves where its values stand: one for values and lists of values, two for the keys and values of a map, none for what is
 *     nested deeper, which is not read
 */
record ParquetColumn(String name, Shape shape, List<Leaf> leaves) {
    private static final Unreadable NESTED =
            new Unreadable("lists or maps within others", "values, lists of values, or maps of values");

    enum Shape {
        VALUE,
        LIST,
        MAP,
        NESTED
    }

    /** One list of values in the file, with how deep it is. */
    record Leaf(ColumnDescriptor descriptor, boolean isOptional, ParquetValue value) {}

    /** The columns of a file, in their order. */
    static List<ParquetColumn> of(ParquetSchema root) {
        List<ParquetColumn> columns = new ArrayList<>();
        root.children().forEach(field -> flatten(field, "", new String[0], root, columns));
        return columns;
    }

    private static void flatten(
            ParquetSchema field, String prefix, String[] outer, ParquetSchema root, List<ParquetColumn> into) {
        String name = prefix + field.name();
        String[] path = append(outer, field.name());
        if (field.isValue()) {
            Shape shape = field.isRepeated() ? Shape.LIST : Shape.VALUE;
            into.add(new ParquetColumn(name, shape, List.of(leaf(field, path, root))));
        } else if (field.isList() || field.isMap() || field.isRepeated()) {
            into.add(repeated(name, field, path, root));
        } else {
            field.children().forEach(child -> flatten(child, name + ".", path, root, into));
        }
    }

    private static ParquetColumn repeated(String name, ParquetSchema field, String[] path, ParquetSchema root) {
        ParquetColumn nested = new ParquetColumn(name, Shape.NESTED, List.of());
        if (field.isRepeated() || field.children().size() != 1) {
            return nested;
        }
        ParquetSchema inner = field.children().get(0);
        String[] innerPath = append(path, inner.name());
        if (!inner.isRepeated()) {
            return nested;
        }
        if (inner.isValue()) {
            return new ParquetColumn(name, Shape.LIST, List.of(leaf(inner, innerPath, root)));
        }
        int expected = field.isMap() ? 2 : 1;
        boolean isFlat = inner.children().size() == expected
                && inner.children().stream().allMatch(child -> child.isValue() && !child.isRepeated());
        if (!isFlat) {
            return nested;
        }
        List<Leaf> leaves = inner.children().stream()
                .map(child -> leaf(child, append(innerPath, child.name()), root))
                .toList();
        return new ParquetColumn(name, field.isMap() ? Shape.MAP : Shape.LIST, leaves);
    }

    private static Leaf leaf(ParquetSchema field, String[] path, ParquetSchema root) {
        ColumnDescriptor descriptor = ((MessageType) root.type()).getColumnDescription(path);
        boolean isOptional = field.type().isRepetition(Type.Repetition.OPTIONAL);
        return new Leaf(descriptor, isOptional, ParquetValue.of(field.element()));
    }

    private static String[] append(String[] path, String name) {
        String[] longer = Arrays.copyOf(path, path.length + 1);
        longer[path.length] = name;
        return longer;
    }

    /** Reads it row by row. */
    Cursor open(ColumnReadStore store) {
        ColumnReader[] readers = leaves.stream()
                .map(leaf -> store.getColumnReader(leaf.descriptor()))
                .toArray(ColumnReader[]::new);
        return switch (shape) {
            case NESTED -> () -> NESTED;
            case VALUE -> () -> value(leaves.get(0), readers[0]);
            case LIST -> () -> list(leaves.get(0), readers[0]);
            case MAP -> () -> map(list(leaves.get(0), readers[0]), list(leaves.get(1), readers[1]));
        };
    }

    /** Where reading of a column stands. */
    interface Cursor {
        /** The value of the next row. */
        @Nullable
        Object next();
    }

    private static @Nullable Object value(Leaf leaf, ColumnReader reader) {
        Object value = null;
        if (reader.getCurrentDefinitionLevel() == leaf.descriptor().getMaxDefinitionLevel()) {
            value = leaf.value().read(reader);
        }
        reader.consume();
        return value;
    }

    /** An element that is null stands one level above one that is there. */
    private static @Nullable List<@Nullable Object> list(Leaf leaf, ColumnReader reader) {
        int present = leaf.descriptor().getMaxDefinitionLevel();
        List<@Nullable Object> list = new ArrayList<>();
        do {
            int level = reader.getCurrentDefinitionLevel();
            if (level == present) {
                list.add(leaf.value().read(reader));
            } else if (leaf.isOptional() && level == present - 1) {
                list.add(null);
            }
            reader.consume();
        } while (reader.getCurrentRepetitionLevel() > 0);
        return list.isEmpty() ? null : list;
    }

    private static @Nullable Map<String, @Nullable Object> map(
            @Nullable List<@Nullable Object> keys, @Nullable List<@Nullable Object> values) {
        if (keys == null) {
            return null;
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            map.put(String.valueOf(keys.get(i)), values == null ? null : values.get(i));
        }
        return map;
    }
}
