package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * Protobuf's messages as a tree: fields by the names of the schema, an enum's value as its name, a timestamp as a text in RFC
 * 3339, a wrapper as what it wraps. A field that can be absent and is, is missing; one that cannot has its default. What was written
 * as another type than the schema's, or as an enum's value without a name, is bytes, which are nothing that is asked for.
 * Stateless.
 */
final class ProtobufTree {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TIMESTAMP = "google.protobuf.Timestamp";
    private static final List<String> WRAPPERS = List.of(
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue");

    private ProtobufTree() {}

    static JsonNode of(Message message) {
        String name = message.getDescriptorForType().getFullName();
        if (name.equals(TIMESTAMP)) {
            return timestamp(message);
        }
        if (WRAPPERS.contains(name)) {
            return value(message, message.getDescriptorForType().findFieldByNumber(1));
        }
        ObjectNode object = NODES.objectNode();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (message.getUnknownFields().hasField(field.getNumber())) {
                object.set(field.getName(), unknown(message.getUnknownFields(), field.getNumber()));
            } else if (field.isRepeated() || !field.hasPresence() || message.hasField(field)) {
                object.set(field.getName(), value(message, field));
            }
        }
        return object;
    }

    private static JsonNode unknown(UnknownFieldSet fields, int number) {
        UnknownFieldSet one = UnknownFieldSet.newBuilder()
                .addField(number, fields.getField(number))
                .build();
        return NODES.binaryNode(one.toByteArray());
    }

    private static JsonNode value(Message message, FieldDescriptor field) {
        if (field.isMapField()) {
            return map(message, field);
        }
        if (!field.isRepeated()) {
            return scalar(message.getField(field), field);
        }
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            array.add(scalar(message.getRepeatedField(field, i), field));
        }
        return array;
    }

    private static JsonNode map(Message message, FieldDescriptor field) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            Message entry = (Message) message.getRepeatedField(field, i);
            object.set(String.valueOf(entry.getField(key)), scalar(entry.getField(value), value));
        }
        return object;
    }

    private static JsonNode scalar(Object value, FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> of((Message) value);
            case STRING -> NODES.textNode((String) value);
            case ENUM -> NODES.textNode(((EnumValueDescriptor) value).getName());
            case BYTES -> NODES.binaryNode(((ByteString) value).toByteArray());
            case BOOL -> NODES.booleanNode((Boolean) value);
            case DOUBLE -> NODES.numberNode((Double) value);
            case FLOAT -> NODES.numberNode((Float) value);
            case INT32, SINT32, SFIXED32 -> NODES.numberNode((Integer) value);
            case UINT32, FIXED32 -> NODES.numberNode(Integer.toUnsignedLong((Integer) value));
            case INT64, SINT64, SFIXED64 -> NODES.numberNode((Long) value);
            case UINT64, FIXED64 -> unsigned((Long) value);
        };
    }

    private static JsonNode unsigned(long value) {
        return value >= 0 ? NODES.numberNode(value) : NODES.numberNode(new BigInteger(Long.toUnsignedString(value)));
    }

    private static JsonNode timestamp(Message message) {
        long seconds = (Long) message.getField(message.getDescriptorForType().findFieldByNumber(1));
        int nanos = (Integer) message.getField(message.getDescriptorForType().findFieldByNumber(2));
        try {
            return NODES.textNode(Instant.ofEpochSecond(seconds, nanos).toString());
        } catch (DateTimeException | ArithmeticException e) {
            throw new UndecodableException(
                    "a timestamp of " + seconds + " s", "a time within 10,000 years, as Protobuf has them", e);
        }
    }
}
