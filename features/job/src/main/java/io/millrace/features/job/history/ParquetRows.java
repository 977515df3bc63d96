package io.millrace.features.job.history;

import io.millrace.features.history.HistoryTable;
import io.millrace.features.spec.PipelineSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;

/** One file: rows of one table, that of the first record. Not thread-safe. */
final class ParquetRows implements BulkWriter<byte[]> {
    private final PipelineSpec spec;
    private final FSDataOutputStream out;
    private final RecordCodecs codecs = new RecordCodecs();
    private @Nullable HistoryTable table;
    private @Nullable ParquetWriter<GenericRecord> writer;

    ParquetRows(PipelineSpec spec, FSDataOutputStream out) {
        this.spec = spec;
        this.out = out;
    }

    /** Makes files of a pipeline. */
    static final class Factory implements BulkWriter.Factory<byte[]> {
        private static final long serialVersionUID = 1L;

        private final PipelineSpec spec;

        Factory(PipelineSpec spec) {
            this.spec = spec;
        }

        @Override
        public BulkWriter<byte[]> create(FSDataOutputStream out) {
            return new ParquetRows(spec, out);
        }
    }

    @Override
    public void addElement(byte[] packed) throws IOException {
        Logged logged = Logged.unpack(packed);
        if (table == null) {
            table = HistoryTable.of(logged.topic(), spec);
            writer = ParquetFiles.writer(out, table.schema());
        }
        try {
            table.rows(
                    codecs.of(logged.topic()).decode(logged.bytes()), logged.partition(), logged.offset(), this::write);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(GenericRecord row) {
        try {
            writer.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing: a group of rows is written when it is full or the file ends. */
    @Override
    public void flush() {}

    /** The stream stays the caller's to close. */
    @Override
    public void finish() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }
}
