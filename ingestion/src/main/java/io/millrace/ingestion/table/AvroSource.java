package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Records of an Avro object container file; a block is in memory at a time. */
final class AvroSource implements RowSource {
    private static final String RECORDS = "an Avro object container file of records";
    private static final String WHOLE = "a whole Avro file";

    private final Columns.Origin origin;
    private final AvroBlocks blocks;
    private final List<AvroColumn> fields;
    private final Columns columns;
    private final GenericDatumReader<IndexedRecord> reader;
    private @Nullable BinaryDecoder decoder;
    private long left;
    private long row;

    AvroSource(String file, InputStream input) {
        this.origin = new Columns.Origin(file, "row");
        try {
            this.blocks = open(input);
            this.fields = AvroColumn.of(blocks.schema());
            this.columns = Columns.ofSchema(
                    origin, fields.stream().map(AvroColumn::name).toList());
            this.reader = new GenericDatumReader<>(blocks.schema(), blocks.schema(), AvroValues.GENERIC);
        } catch (DataException e) {
            throw Input.closed(input, e);
        }
    }

    private AvroBlocks open(InputStream input) {
        try {
            AvroBlocks opened = new AvroBlocks(input);
            if (opened.schema().getType() != Schema.Type.RECORD) {
                throw new DataException(
                        new Problem(origin.file(), opened.schema().getName(), RECORDS), 0);
            }
            return opened;
        } catch (AvroBlocks.Malformed e) {
            throw new DataException(new Problem(origin.file(), String.valueOf(e.getMessage()), e.expected()), 0, e);
        } catch (IOException | AvroRuntimeException e) {
            throw broken(e);
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
                AvroBlocks.Block block = blocks.next();
                if (block == null) {
                    return null;
                }
                left = block.count();
                decoder = DecoderFactory.get().binaryDecoder(block.records(), decoder);
            }
            IndexedRecord record = reader.read(null, decoder);
            @Nullable Object[] cells = new Object[fields.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = fields.get(i).read(record);
            }
            left--;
            row++;
            return new TypedRow(columns, row, cells);
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
    }

    private DataException broken(Exception e) {
        if (e instanceof Input.GzipException gzip) {
            return Input.unreadable(origin, row, gzip);
        }
        String value = e instanceof EOFException
                ? "ends in the middle of its Avro data"
                : "broken Avro data, " + (e.getMessage() == null ? e : e.getMessage());
        return new DataException(new Problem(origin.after(row), value, WHOLE), row, e);
    }

    @Override
    public void close() {
        try {
            blocks.close();
        } catch (IOException e) {
            throw Input.unreadable(origin, row, e);
        }
    }
}
