package io.millrace.ingestion.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A column of an Avro file: a field that is no record, or one within records, named {@code outer.inner}. Immutable.
 *
 * @param path the positions of the fields from the outermost record inwards
 * @param schema of the field
 */
record AvroColumn(String name, List<Integer> path, Schema schema) {
    /** The columns of records, in their order. */
    static List<AvroColumn> of(Schema schema) {
        List<AvroColumn> columns = new ArrayList<>();
        flatten(schema, "", List.of(), List.of(), columns);
        return columns;
    }

    private static void flatten(
            Schema record, String prefix, List<Integer> path, List<Schema> within, List<AvroColumn> into) {
        List<Schema> deeper = new ArrayList<>(within);
        deeper.add(record);
        for (Schema.Field field : record.getFields()) {
            List<Integer> fieldPath = new ArrayList<>(path);
            fieldPath.add(field.pos());
            Schema inner = withoutNull(field.schema());
            boolean isRecursive = deeper.stream().anyMatch(outer -> outer == inner);
            if (inner.getType() == Schema.Type.RECORD && !isRecursive) {
                flatten(inner, prefix + field.name() + ".", fieldPath, deeper, into);
            } else {
                into.add(new AvroColumn(prefix + field.name(), List.copyOf(fieldPath), field.schema()));
            }
        }
    }

    /** What a field holds where it is not null, if that is one thing. */
    private static Schema withoutNull(Schema schema) {
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        List<Schema> others = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        return others.size() == 1 ? others.get(0) : schema;
    }

    @Nullable
    Object read(IndexedRecord record) {
        Object value = record;
        for (int position : path) {
            if (!(value instanceof IndexedRecord outer)) {
                return null;
            }
            value = outer.get(position);
        }
        return cell(value, schema);
    }

    private static @Nullable Object cell(@Nullable Object value, Schema schema) {
        if (value == null) {
            return null;
        }
        return switch (schema.getType()) {
            case NULL -> null;
            case UNION -> cell(value, schema.getTypes().get(AvroValues.GENERIC.resolveUnion(schema, value)));
            case ARRAY -> list((Iterable<?>) value, schema.getElementType());
            case MAP -> map((Map<?, ?>) value, schema.getValueType());
            case RECORD -> fields((IndexedRecord) value);
            case STRING, ENUM -> value.toString();
            case BYTES, FIXED, INT, LONG, FLOAT, DOUBLE, BOOLEAN -> AvroValues.scalar(value, schema);
        };
    }

    private static List<@Nullable Object> list(Iterable<?> values, Schema element) {
        List<@Nullable Object> list = new ArrayList<>();
        values.forEach(value -> list.add(cell(value, element)));
        return list;
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> values, Schema schema) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        values.forEach((name, value) -> map.put(name.toString(), cell(value, schema)));
        return map;
    }

    private static Map<String, @Nullable Object> fields(IndexedRecord record) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        record.getSchema()
                .getFields()
                .forEach(field -> map.put(field.name(), cell(record.get(field.pos()), field.schema())));
        return map;
    }
}
