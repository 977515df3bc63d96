package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro's values as a tree: records and maps are objects, an enum's value is its name, a decimal is a number. Times stay the
 * numbers that they are written as, since the spec names their unit. Stateless.
 */
final class AvroTree {
    /** Converts no logical types: that is done here. */
    static final GenericData GENERIC = new GenericData();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private AvroTree() {}

    static JsonNode of(@Nullable Object value, Schema schema) {
        if (value == null) {
            return NODES.nullNode();
        }
        return switch (schema.getType()) {
            case NULL -> NODES.nullNode();
            case UNION -> of(value, schema.getTypes().get(GENERIC.resolveUnion(schema, value)));
            case RECORD -> record((IndexedRecord) value);
            case MAP -> map((Map<?, ?>) value, schema.getValueType());
            case ARRAY -> array((Iterable<?>) value, schema.getElementType());
            case STRING, ENUM -> NODES.textNode(value.toString());
            case INT -> NODES.numberNode((Integer) value);
            case LONG -> NODES.numberNode((Long) value);
            case FLOAT -> NODES.numberNode((Float) value);
            case DOUBLE -> NODES.numberNode((Double) value);
            case BOOLEAN -> NODES.booleanNode((Boolean) value);
            case BYTES -> bytes(bytes((ByteBuffer) value), schema);
            case FIXED -> bytes(((GenericFixed) value).bytes(), schema);
        };
    }

    private static JsonNode record(IndexedRecord record) {
        ObjectNode object = NODES.objectNode();
        record.getSchema()
                .getFields()
                .forEach(field -> object.set(field.name(), of(record.get(field.pos()), field.schema())));
        return object;
    }

    private static JsonNode map(Map<?, ?> values, Schema schema) {
        ObjectNode object = NODES.objectNode();
        values.forEach((name, value) -> object.set(name.toString(), of(value, schema)));
        return object;
    }

    private static JsonNode array(Iterable<?> values, Schema schema) {
        ArrayNode array = NODES.arrayNode();
        values.forEach(value -> array.add(of(value, schema)));
        return array;
    }

    private static JsonNode bytes(byte[] bytes, Schema schema) {
        return schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
                ? NODES.numberNode(new BigDecimal(new BigInteger(bytes), decimal.getScale()))
                : NODES.binaryNode(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
