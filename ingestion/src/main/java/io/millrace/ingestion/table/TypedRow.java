package io.millrace.ingestion.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of a file with a schema. */
final class TypedRow extends Row {
    private final List<String> names;
    private final @Nullable Object[] cells;

    /** @param cells of the columns, in their order */
    TypedRow(Columns columns, long row, @Nullable Object[] cells) {
        super(columns, row);
        this.names = columns.names();
        this.cells = cells;
    }

    @Override
    @Nullable
    Object cell(Column column) {
        return cells[column.index()];
    }

    @Override
    public String raw() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i++) {
            object.put(names.get(i), cells[i]);
        }
        return Json.text(object);
    }
}
