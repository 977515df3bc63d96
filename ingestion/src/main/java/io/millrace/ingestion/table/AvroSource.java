package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.InvalidAvroMagicException;
import org.jspecify.annotations.Nullable;

/** Records of an Avro object container file, a block at a time. */
final class AvroSource implements RowSource {
    private static final String AVRO = "an Avro object container file of records";
    private static final String WHOLE = "a whole Avro file";
    private static final Set<String> CODECS = Set.of("null", "deflate", "snappy", "zstandard", "bzip2");
    private static final String READ_CODECS = "null, deflate, snappy, zstandard or bzip2";

    private final String file;
    private final DataFileStream<GenericRecord> records;
    private final List<AvroColumn> fields;
    private final Columns columns;
    private long row;

    AvroSource(String file, InputStream input) {
        this.file = file;
        try {
            this.records = open(file, input);
            this.fields = AvroColumn.of(records.getSchema());
            this.columns = Columns.ofSchema(
                    new Columns.Origin(file, "row"),
                    fields.stream().map(AvroColumn::name).toList());
        } catch (DataException e) {
            throw Input.closed(input, e);
        }
    }

    private static DataFileStream<GenericRecord> open(String file, InputStream input) {
        try {
            DataFileStream<GenericRecord> stream = new DataFileStream<>(input, new InOrder());
            String codec = stream.getMetaString(DataFileConstants.CODEC);
            if (codec != null && !CODECS.contains(codec)) {
                throw new DataException(new Problem(file, "compressed with " + codec, READ_CODECS), 0);
            }
            if (stream.getSchema().getType() != Schema.Type.RECORD) {
                throw new DataException(new Problem(file, stream.getSchema().getName(), AVRO), 0);
            }
            return stream;
        } catch (InvalidAvroMagicException e) {
            throw new DataException(new Problem(file, "no Avro magic number", AVRO), 0, e);
        } catch (EOFException e) {
            throw new DataException(new Problem(file, "ends in the middle of its header", WHOLE), 0, e);
        } catch (IOException e) {
            throw Input.unreadable(file, 0, e);
        } catch (AvroRuntimeException e) {
            throw new DataException(new Problem(file, "broken Avro header, " + e.getMessage(), AVRO), 0, e);
        }
    }

    /** Maps keep the order of the file. */
    private static final class InOrder extends GenericDatumReader<GenericRecord> {
        InOrder() {
            super(AvroValues.GENERIC);
        }

        @Override
        protected Object newMap(Object old, int size) {
            return new LinkedHashMap<>();
        }
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        try {
            if (!records.hasNext()) {
                return null;
            }
            GenericRecord record = records.next();
            @Nullable Object[] cells = new Object[fields.size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = fields.get(i).read(record);
            }
            row++;
            return new TypedRow(columns, row, cells);
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    private DataException broken(RuntimeException e) {
        String place = row == 0 ? file : file + ", after row " + row;
        Throwable reason = e.getCause() == null ? e : e.getCause();
        String value = reason instanceof EOFException
                ? "ends in the middle of its records"
                : "broken Avro data, " + (reason.getMessage() == null ? reason : reason.getMessage());
        return new DataException(new Problem(place, value, WHOLE), row, e);
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw Input.unreadable(file, 0, e);
        }
    }
}
