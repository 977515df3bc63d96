package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file; a page of each column is in memory at a time. */
final class ParquetSource implements RowSource {
    private final Columns.Origin origin;
    private final FileChannel channel;
    private final FileMetaData footer;
    private final MessageType schema;
    private final List<ParquetColumn> fields;
    private final Columns columns;
    private final Iterator<RowGroup> groups;
    private List<ParquetColumn.Cursor> cursors = List.of();
    private long left;
    private long row;

    ParquetSource(String file, FileChannel channel) {
        this.origin = new Columns.Origin(file, "row");
        this.channel = channel;
        try {
            this.footer = ParquetFile.footer(file, channel);
            ParquetSchema root = ParquetSchema.of(footer.getSchema());
            this.schema = (MessageType) root.type();
            this.fields = ParquetColumn.of(root);
            this.columns = Columns.ofSchema(
                    origin, fields.stream().map(ParquetColumn::name).toList());
            this.groups = footer.getRow_groups().iterator();
        } catch (RuntimeException e) {
            close();
            throw e instanceof DataException problem ? problem : broken(e);
        }
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        try {
            while (left == 0) {
                if (!groups.hasNext()) {
                    return null;
                }
                open(groups.next());
            }
            @Nullable Object[] cells = new Object[cursors.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cursors.get(i).next();
            }
            left--;
            row++;
            return new TypedRow(columns, row, cells);
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    private void open(RowGroup group) {
        left = group.getNum_rows();
        if (left == 0) {
            return;
        }
        ColumnReadStore store = new ColumnReadStoreImpl(
                new Pages(channel, group),
                new DummyRecordConverter(schema).getRootConverter(),
                schema,
                footer.isSetCreated_by() ? footer.getCreated_by() : "");
        cursors = fields.stream().map(field -> field.open(store)).toList();
    }

    /** The columns of one group of rows. */
    private static final class Pages implements PageReadStore {
        private final FileChannel channel;
        private final RowGroup group;
        private final Map<List<String>, ColumnMetaData> chunks = new HashMap<>();

        Pages(FileChannel channel, RowGroup group) {
            this.channel = channel;
            this.group = group;
            for (ColumnChunk chunk : group.getColumns()) {
                chunks.put(chunk.getMeta_data().getPath_in_schema(), chunk.getMeta_data());
            }
        }

        @Override
        public PageReader getPageReader(ColumnDescriptor column) {
            ColumnMetaData chunk = chunks.get(Arrays.asList(column.getPath()));
            if (chunk == null) {
                throw new IllegalArgumentException("no pages of column " + String.join(".", column.getPath()));
            }
            return new ParquetPages(channel, chunk);
        }

        @Override
        public long getRowCount() {
            return group.getNum_rows();
        }
    }

    private DataException broken(RuntimeException e) {
        Throwable reason = e;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        String value = "broken Parquet data, " + (reason.getMessage() == null ? reason : reason.getMessage());
        return new DataException(new Problem(origin.after(row), value, "a whole Parquet file"), row, e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Input.unreadable(origin, row, e);
        }
    }
}
