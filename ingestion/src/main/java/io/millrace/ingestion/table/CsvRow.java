package io.millrace.ingestion.table;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class CsvRow extends Row {
    private final int size;
    private final char separator;
    private final CsvRecord fields;

    CsvRow(Columns columns, char separator, CsvRecord fields) {
        super(columns, fields.getStartingLineNumber());
        this.size = columns.size();
        this.separator = separator;
        this.fields = fields;
    }

    @Override
    @Nullable
    Object cell(Column column) {
        if (fields.getFieldCount() != size) {
            throw wrong(fields.getFieldCount() + " fields", size + " fields as in the header");
        }
        return Cells.decoded(fields.getField(column.index()));
    }

    @Override
    public String raw() {
        StringBuilder text = new StringBuilder();
        List<String> texts = fields.getFields();
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                text.append(separator);
            }
            append(texts.get(i), text);
        }
        return text.toString();
    }

    private void append(String field, StringBuilder text) {
        boolean isQuoted = field.indexOf(separator) >= 0
                || field.indexOf('"') >= 0
                || field.indexOf('\n') >= 0
                || field.indexOf('\r') >= 0;
        if (isQuoted) {
            text.append('"').append(field.replace("\"", "\"\"")).append('"');
        } else {
            text.append(field);
        }
    }
}
