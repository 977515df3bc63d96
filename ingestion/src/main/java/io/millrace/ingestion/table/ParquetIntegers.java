package io.millrace.ingestion.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimestampType;

/** What 32 and 64 bits mean in Parquet. Stateless. */
final class ParquetIntegers {
    private static final int LONG_BITS = 64;

    private ParquetIntegers() {}

    static ParquetValue of32(SchemaElement field) {
        if (ParquetValue.isDecimal(field)) {
            int scale = ParquetValue.scale(field);
            return reader -> BigDecimal.valueOf(reader.getInteger(), scale);
        }
        LogicalType logical = logical(field);
        if (logical.isSetDATE()) {
            return reader -> LocalDate.ofEpochDay(reader.getInteger());
        }
        if (logical.isSetTIME()) {
            return reader -> Cells.timeOfDay(reader.getInteger(), TimeUnit.MILLISECONDS);
        }
        return isUnsigned(logical)
                ? reader -> Integer.toUnsignedLong(reader.getInteger())
                : reader -> (long) reader.getInteger();
    }

    static ParquetValue of64(SchemaElement field) {
        if (ParquetValue.isDecimal(field)) {
            int scale = ParquetValue.scale(field);
            return reader -> BigDecimal.valueOf(reader.getLong(), scale);
        }
        LogicalType logical = logical(field);
        if (logical.isSetTIME()) {
            TimeUnit unit = unit(logical.getTIME().getUnit());
            return reader -> Cells.timeOfDay(reader.getLong(), unit);
        }
        if (logical.isSetTIMESTAMP()) {
            TimestampType timestamp = logical.getTIMESTAMP();
            TimeUnit unit = unit(timestamp.getUnit());
            return timestamp.isIsAdjustedToUTC()
                    ? reader -> Cells.instant(reader.getLong(), unit)
                    : reader -> Cells.local(reader.getLong(), unit);
        }
        return isUnsigned(logical) ? ParquetIntegers::unsigned : ColumnReader::getLong;
    }

    private static Object unsigned(ColumnReader reader) {
        long value = reader.getLong();
        return value >= 0 ? (Object) value : BigInteger.valueOf(value).add(BigInteger.ONE.shiftLeft(LONG_BITS));
    }

    private static boolean isUnsigned(LogicalType logical) {
        return logical.isSetINTEGER() && !logical.getINTEGER().isIsSigned();
    }

    /** What the older converted type would be called today. */
    private static LogicalType logical(SchemaElement field) {
        if (field.isSetLogicalType()) {
            return field.getLogicalType();
        }
        if (!field.isSetConverted_type()) {
            return new LogicalType();
        }
        ConvertedType converted = field.getConverted_type();
        return switch (converted) {
            case DATE -> LogicalType.DATE(new DateType());
            case TIME_MILLIS -> LogicalType.TIME(new TimeType(true, millis()));
            case TIME_MICROS -> LogicalType.TIME(new TimeType(true, micros()));
            case TIMESTAMP_MILLIS -> LogicalType.TIMESTAMP(new TimestampType(true, millis()));
            case TIMESTAMP_MICROS -> LogicalType.TIMESTAMP(new TimestampType(true, micros()));
            case UINT_8, UINT_16, UINT_32, UINT_64 -> LogicalType.INTEGER(new IntType((byte) 0, false));
            case UTF8, MAP, MAP_KEY_VALUE, LIST, ENUM, DECIMAL, INT_8, INT_16, INT_32, INT_64, JSON, BSON, INTERVAL ->
                new LogicalType();
        };
    }

    private static TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
        if (unit.isSetMILLIS()) {
            return TimeUnit.MILLISECONDS;
        }
        return unit.isSetMICROS() ? TimeUnit.MICROSECONDS : TimeUnit.NANOSECONDS;
    }

    private static org.apache.parquet.format.TimeUnit millis() {
        return org.apache.parquet.format.TimeUnit.MILLIS(new MilliSeconds());
    }

    private static org.apache.parquet.format.TimeUnit micros() {
        return org.apache.parquet.format.TimeUnit.MICROS(new MicroSeconds());
    }
}
