package io.millrace.ingestion.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.Float16Type;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.UUIDType;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.OriginalType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Lists a schema as a footer does. */
final class TestingParquetSchema {
    private TestingParquetSchema() {}

    static List<SchemaElement> elements(MessageType schema) {
        List<SchemaElement> elements = new ArrayList<>();
        SchemaElement root = new SchemaElement(schema.getName());
        root.setNum_children(schema.getFieldCount());
        elements.add(root);
        schema.getFields().forEach(field -> add(field, elements));
        return elements;
    }

    private static void add(org.apache.parquet.schema.Type field, List<SchemaElement> into) {
        SchemaElement element = new SchemaElement(field.getName());
        element.setRepetition_type(
                FieldRepetitionType.valueOf(field.getRepetition().name()));
        if (field.getLogicalTypeAnnotation() != null) {
            annotate(field.getLogicalTypeAnnotation(), element);
        }
        into.add(element);
        if (field instanceof GroupType group) {
            element.setNum_children(group.getFieldCount());
            group.getFields().forEach(child -> add(child, into));
        } else {
            PrimitiveType primitive = field.asPrimitiveType();
            PrimitiveTypeName name = primitive.getPrimitiveTypeName();
            element.setType(name == PrimitiveTypeName.BINARY ? Type.BYTE_ARRAY : Type.valueOf(name.name()));
            element.setType_length(primitive.getTypeLength());
        }
    }

    /** The converted type where there is one, as old writers have it; the logical type where only that says it. */
    @SuppressWarnings("deprecation") // It is the old writers' way.
    private static void annotate(LogicalTypeAnnotation annotation, SchemaElement element) {
        OriginalType converted = annotation.toOriginalType();
        if (converted != null) {
            element.setConverted_type(ConvertedType.valueOf(converted.name()));
        }
        if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
            element.setScale(decimal.getScale());
            element.setPrecision(decimal.getPrecision());
            element.setLogicalType(LogicalType.DECIMAL(new DecimalType(decimal.getScale(), decimal.getPrecision())));
        } else if (annotation instanceof UUIDLogicalTypeAnnotation) {
            element.setLogicalType(LogicalType.UUID(new UUIDType()));
        } else if (annotation instanceof Float16LogicalTypeAnnotation) {
            element.setLogicalType(LogicalType.FLOAT16(new Float16Type()));
        } else if (annotation instanceof TimestampLogicalTypeAnnotation time
                && (converted == null || !time.isAdjustedToUTC())) {
            element.setLogicalType(
                    LogicalType.TIMESTAMP(new TimestampType(time.isAdjustedToUTC(), unit(time.getUnit()))));
        }
    }

    private static TimeUnit unit(LogicalTypeAnnotation.TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> TimeUnit.MILLIS(new MilliSeconds());
            case MICROS -> TimeUnit.MICROS(new MicroSeconds());
            case NANOS -> TimeUnit.NANOS(new NanoSeconds());
        };
    }
}
