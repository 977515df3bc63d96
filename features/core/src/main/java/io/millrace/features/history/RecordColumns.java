package io.millrace.features.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a record's fields, as its schema has them: a field that is added there is a column here. A record within a
 * record becomes columns of its own; what has no type of its own in a table becomes text, in JSON.
 */
final class RecordColumns {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final String TIME = "timemicros";
    private static final int MICROS = "_micros".length();

    private RecordColumns() {}

    /**
     * @param without fields that are passed over
     * @param record finds the record in what a row is made from
     */
    static List<Column> of(Schema schema, Set<String> without, Function<RowSource, @Nullable IndexedRecord> record) {
        List<Column> columns = new ArrayList<>();
        add(schema, "", without, record, columns);
        return columns;
    }

    private static void add(
            Schema schema,
            String prefix,
            Set<String> without,
            Function<RowSource, @Nullable IndexedRecord> record,
            List<Column> out) {
        for (Schema.Field field : schema.getFields()) {
            if (without.contains(field.name())) {
                continue;
            }
            Schema type = present(field.schema());
            Function<RowSource, @Nullable Object> value = source -> {
                IndexedRecord found = record.apply(source);
                // By name: a slot and a candidate share columns, and a field has not the same place in both.
                Schema.@Nullable Field here =
                        found == null ? null : found.getSchema().getField(field.name());
                return here == null ? null : found.get(here.pos());
            };
            String name = prefix + snake(field.name());
            if (type.getType() == Schema.Type.RECORD) {
                add(type, name + "_", Set.of(), source -> (IndexedRecord) value.apply(source), out);
            } else {
                out.add(column(name, field.name(), type, value));
            }
        }
    }

    private static Column column(String name, String field, Schema type, Function<RowSource, @Nullable Object> value) {
        return switch (type.getType()) {
            case LONG ->
                field.toLowerCase(Locale.ROOT).endsWith(TIME)
                        ? new Column(
                                name.substring(0, name.length() - MICROS),
                                LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)),
                                value)
                        : new Column(name, type, value);
            case STRING -> new Column(name, Schema.Type.STRING, value);
            case INT, FLOAT, DOUBLE, BOOLEAN, BYTES -> new Column(name, type, value);
            case ENUM -> new Column(name, Schema.Type.STRING, value.andThen(RecordColumns::text));
            case MAP ->
                type.getValueType().getType() == Schema.Type.STRING
                        ? new Column(name, Schema.createMap(Schema.create(Schema.Type.STRING)), value)
                        : json(name, value);
            case ARRAY -> isSimple(type.getElementType()) ? new Column(name, type, value) : json(name, value);
            default -> json(name, value);
        };
    }

    private static boolean isSimple(Schema type) {
        return switch (type.getType()) {
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING -> true;
            default -> false;
        };
    }

    private static Column json(String name, Function<RowSource, @Nullable Object> value) {
        return new Column(name, Schema.Type.STRING, value.andThen(RecordColumns::json));
    }

    private static @Nullable Object text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static @Nullable Object json(@Nullable Object value) {
        return value == null ? null : GenericData.get().toString(value);
    }

    /** What a union with null holds otherwise; a type itself. */
    private static Schema present(Schema type) {
        if (type.getType() != Schema.Type.UNION) {
            return type;
        }
        List<Schema> others = type.getTypes().stream()
                .filter(one -> one.getType() != Schema.Type.NULL)
                .toList();
        return others.size() == 1 ? others.get(0) : type;
    }

    private static String snake(String name) {
        return HUMP.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    }
}
