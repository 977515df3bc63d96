package io.millrace.ingestion.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The tree of a Parquet file's fields, which the file lists depth first.
 *
 * @param element of the field as the file has it
 * @param type of the field, without what the values mean
 * @param children in their order; none of a field with values
 */
record ParquetSchema(SchemaElement element, Type type, List<ParquetSchema> children) {
    /** @throws RuntimeException if the list is no tree */
    static ParquetSchema of(List<SchemaElement> elements) {
        Iterator<SchemaElement> rest = elements.iterator();
        SchemaElement root = rest.next();
        List<ParquetSchema> children = children(root, rest);
        MessageType message = new MessageType(root.getName(), types(children));
        return new ParquetSchema(root, message, children);
    }

    private static ParquetSchema next(Iterator<SchemaElement> rest) {
        SchemaElement element = rest.next();
        List<ParquetSchema> children = children(element, rest);
        Type.Repetition repetition =
                Type.Repetition.valueOf(element.getRepetition_type().name());
        Type type = element.isSetType()
                ? primitive(element, repetition)
                : new GroupType(repetition, element.getName(), types(children));
        return new ParquetSchema(element, type, children);
    }

    private static Type primitive(SchemaElement element, Type.Repetition repetition) {
        return switch (element.getType()) {
            case BOOLEAN -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.BOOLEAN, element.getName());
            case INT32 -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.INT32, element.getName());
            case INT64 -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.INT64, element.getName());
            case INT96 -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.INT96, element.getName());
            case FLOAT -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.FLOAT, element.getName());
            case DOUBLE -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.DOUBLE, element.getName());
            case BYTE_ARRAY -> new PrimitiveType(repetition, PrimitiveType.PrimitiveTypeName.BINARY, element.getName());
            case FIXED_LEN_BYTE_ARRAY ->
                new PrimitiveType(
                        repetition,
                        PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY,
                        element.getType_length(),
                        element.getName());
        };
    }

    private static List<ParquetSchema> children(SchemaElement parent, Iterator<SchemaElement> rest) {
        List<ParquetSchema> children = new ArrayList<>();
        for (int i = 0; i < parent.getNum_children(); i++) {
            children.add(next(rest));
        }
        return children;
    }

    private static List<Type> types(List<ParquetSchema> children) {
        return children.stream().map(ParquetSchema::type).toList();
    }

    String name() {
        return element.getName();
    }

    boolean isValue() {
        return element.isSetType();
    }

    boolean isRepeated() {
        return element.getRepetition_type() == FieldRepetitionType.REPEATED;
    }

    /** Whether it is a group that says that it is a list. */
    boolean isList() {
        return isOf(ConvertedType.LIST)
                || element.isSetLogicalType() && element.getLogicalType().isSetLIST();
    }

    /** Whether it is a group that says that it is a map. */
    boolean isMap() {
        return isOf(ConvertedType.MAP)
                || isOf(ConvertedType.MAP_KEY_VALUE)
                || element.isSetLogicalType() && element.getLogicalType().isSetMAP();
    }

    private boolean isOf(ConvertedType type) {
        return element.isSetConverted_type() && element.getConverted_type() == type;
    }
}
