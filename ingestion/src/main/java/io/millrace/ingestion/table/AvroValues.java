package io.millrace.ingestion.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/** Avro's values as {@link Cells} has them. Stateless. */
final class AvroValues {
    /** Converts no logical types: that is done here. Maps keep the order of the file. */
    static final GenericData GENERIC = new GenericData() {
        @Override
        public Object newMap(Object old, int size) {
            return new LinkedHashMap<>();
        }
    };

    private static final int UUID_BYTES = 16;

    private AvroValues() {}

    static Object scalar(Object value, Schema schema) {
        LogicalType type = schema.getLogicalType();
        if (value instanceof Integer integer) {
            return type == null ? (Object) integer.longValue() : logical(integer, type);
        }
        if (value instanceof Long integer) {
            return type == null ? integer : logical(integer, type);
        }
        if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes(bytes, type);
        }
        return value instanceof GenericFixed fixed ? bytes(fixed.bytes(), type) : value;
    }

    private static Object logical(long value, LogicalType type) {
        return switch (type.getName()) {
            case "date" -> LocalDate.ofEpochDay(value);
            case "time-millis" -> Cells.timeOfDay(value, TimeUnit.MILLISECONDS);
            case "time-micros" -> Cells.timeOfDay(value, TimeUnit.MICROSECONDS);
            case "timestamp-millis" -> Cells.instant(value, TimeUnit.MILLISECONDS);
            case "timestamp-micros" -> Cells.instant(value, TimeUnit.MICROSECONDS);
            case "timestamp-nanos" -> Cells.instant(value, TimeUnit.NANOSECONDS);
            case "local-timestamp-millis" -> Cells.local(value, TimeUnit.MILLISECONDS);
            case "local-timestamp-micros" -> Cells.local(value, TimeUnit.MICROSECONDS);
            case "local-timestamp-nanos" -> Cells.local(value, TimeUnit.NANOSECONDS);
            default -> value;
        };
    }

    private static Object bytes(byte[] bytes, @Nullable LogicalType type) {
        if (type instanceof LogicalTypes.Decimal decimal) {
            return new BigDecimal(new BigInteger(bytes), decimal.getScale());
        }
        if (type != null && type.getName().equals("uuid") && bytes.length == UUID_BYTES) {
            return uuid(bytes);
        }
        return Cells.utf8(bytes);
    }

    /** @param bytes 16, most significant first */
    static String uuid(byte[] bytes) {
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new UUID(halves.getLong(), halves.getLong()).toString();
    }
}
