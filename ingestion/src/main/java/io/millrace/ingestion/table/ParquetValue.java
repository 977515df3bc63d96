package io.millrace.ingestion.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;

/** Reads the value at which a column stands as {@link Cells} has it. */
interface ParquetValue {
    Object read(ColumnReader reader);

    /** How a field's values are read: by its logical type, else by the older converted type, else as they are. */
    static ParquetValue of(SchemaElement field) {
        return switch (field.getType()) {
            case BOOLEAN -> ColumnReader::getBoolean;
            case FLOAT -> ColumnReader::getFloat;
            case DOUBLE -> ColumnReader::getDouble;
            case INT32 -> ParquetIntegers.of32(field);
            case INT64 -> ParquetIntegers.of64(field);
            case INT96 -> reader -> impala(reader.getBinary().getBytesUnsafe());
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> ofBytes(field);
        };
    }

    private static ParquetValue ofBytes(SchemaElement field) {
        LogicalType logical = field.isSetLogicalType() ? field.getLogicalType() : new LogicalType();
        if (logical.isSetUUID()) {
            return reader -> AvroValues.uuid(reader.getBinary().getBytesUnsafe());
        }
        if (logical.isSetFLOAT16()) {
            return reader -> half(reader.getBinary().getBytesUnsafe());
        }
        if (isDecimal(field)) {
            int scale = scale(field);
            return reader -> new BigDecimal(new BigInteger(reader.getBinary().getBytesUnsafe()), scale);
        }
        return reader -> Cells.utf8(reader.getBinary().getBytesUnsafe());
    }

    static boolean isDecimal(SchemaElement field) {
        return field.isSetLogicalType()
                ? field.getLogicalType().isSetDECIMAL()
                : field.isSetConverted_type() && field.getConverted_type() == ConvertedType.DECIMAL;
    }

    static int scale(SchemaElement field) {
        return field.isSetLogicalType() ? field.getLogicalType().getDECIMAL().getScale() : field.getScale();
    }

    /** The times of Impala and older Sparks: nanoseconds of the day in 8 bytes, the Julian day in 4. */
    private static Instant impala(byte[] bytes) {
        long julianOf1970 = 2_440_588;
        ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = parts.getLong();
        long day = parts.getInt() - julianOf1970;
        return Instant.ofEpochSecond(TimeUnit.DAYS.toSeconds(day), nanos);
    }

    /** IEEE 754 half precision: a sign, 5 bits of exponent, 10 of fraction. */
    private static float half(byte[] bytes) {
        int bits = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double size = switch (exponent) {
            case 0 -> fraction * 0x1p-24;
            case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb(1 + fraction * 0x1p-10, exponent - 15);
        };
        return (float) (bits >> 15 == 0 ? size : -size);
    }
}
