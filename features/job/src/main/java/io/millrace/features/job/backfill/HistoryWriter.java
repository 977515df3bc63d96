package io.millrace.features.job.backfill;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Writes files that {@link HistorySource} reads, each in the order of time, whatever the order in which records come: as many as memory holds are sorted
 * at a time, and merged when they are read. Not thread-safe.
 */
public final class HistoryWriter implements AutoCloseable {
    /** Some hundred bytes each. */
    private static final int MOST_IN_MEMORY = 250_000;

    private final Path directory;
    private final Instant until;
    private final int most;
    private final List<SpecificRecord> sorting = new ArrayList<>();
    private final List<String> files = new ArrayList<>();

    /**
     * Writes to a directory.
     *
     * @param directory an empty one
     * @param until the history's end, which its files say
     */
    public HistoryWriter(String directory, Instant until) {
        this(directory, until, MOST_IN_MEMORY);
    }

    HistoryWriter(String directory, Instant until, int most) {
        this.directory = new Path(directory);
        this.until = until;
        this.most = most;
    }

    /** Takes an event or an outcome. */
    public void add(SpecificRecord record) throws IOException {
        sorting.add(record);
        if (sorting.size() == most) {
            write();
        }
    }

    /** Ends the writing, and tells which files there are now. */
    public List<String> finish() throws IOException {
        write();
        return Collections.unmodifiableList(files);
    }

    private void write() throws IOException {
        // Stable: what happened at the same time stays in its order.
        sorting.sort(HistoryFile.ORDER);
        List<Schema> schemas =
                sorting.stream().map(SpecificRecord::getSchema).distinct().toList();
        for (Schema schema : schemas) {
            Path file = new Path(directory, String.format("%06d-%s.avro", files.size(), schema.getName()));
            try (DataFileWriter<SpecificRecord> out = new DataFileWriter<>(new SpecificDatumWriter<>(schema))) {
                out.setCodec(CodecFactory.deflateCodec(1));
                out.setMeta(HistoryFile.UNTIL, until.toString());
                out.create(schema, file.getFileSystem().create(file, FileSystem.WriteMode.NO_OVERWRITE));
                for (SpecificRecord record : sorting) {
                    if (record.getSchema().equals(schema)) {
                        out.append(record);
                    }
                }
            }
            files.add(file.toString());
        }
        sorting.clear();
    }

    /** Lets go of what is in memory. */
    @Override
    public void close() {
        sorting.clear();
    }
}
