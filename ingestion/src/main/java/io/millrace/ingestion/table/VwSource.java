package io.millrace.ingestion.table;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One example a line, as Vowpal Wabbit reads it; blank lines are passed over. */
final class VwSource implements RowSource {
    private final LineReader lines;
    private final Columns columns;

    VwSource(String file, InputStream input) {
        Columns.Origin origin = new Columns.Origin(file, "line");
        this.lines = new LineReader(origin, input, VwRow.EXAMPLE);
        this.columns = Columns.open(origin);
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        byte[] bytes = lines.next();
        return bytes == null
                ? null
                : new VwRow(columns, lines.line(), new String(bytes, StandardCharsets.UTF_8).stripTrailing());
    }

    @Override
    public void close() {
        lines.close();
    }
}
