package io.millrace.ingestion.table;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; blank lines are passed over. */
final class JsonSource implements RowSource {
    private final LineReader lines;
    private final Columns columns;

    JsonSource(String file, InputStream input) {
        Columns.Origin origin = new Columns.Origin(file, "line");
        this.lines = new LineReader(origin, input, JsonRow.OBJECT + " a line");
        this.columns = Columns.open(origin);
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        byte[] bytes = lines.next();
        return bytes == null ? null : new JsonRow(columns, lines.line(), bytes);
    }

    @Override
    public void close() {
        lines.close();
    }
}
