package io.millrace.features.job.backfill;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link History} in the order of time, and its end. One task reads all of it, since several would be at different times: what happened
 * first in one file could come after its window was ended by another.
 *
 * <p>A job that goes on from a checkpoint reads the files from their beginning again, and passes over what it had.
 */
public final class HistorySource implements Source<byte[], HistorySplit, List<HistorySplit>> {
    private static final long serialVersionUID = 1L;

    private final @Nullable History history;
    private final Meaning meaning;
    private final Beginning beginning;

    /** Looks whether a job can begin with a history. Nobody asks where a job goes on from a checkpoint. */
    public interface Beginning extends Serializable {
        /** @throws HistoryException that says why not */
        void check() throws IOException;
    }

    /** What the job takes a record as. */
    public interface Meaning extends Serializable {
        /** Before any other call, on the task that makes them. */
        default void open() {}

        /**
         * Tells what a record means.
         *
         * @param number of the record, in the order of time
         */
        void of(SpecificRecord record, long number, Consumer<byte[]> out);

        /** That nothing more comes from before that time. */
        byte[] end(long untilMicros);
    }

    /** @param history null where there is none */
    public HistorySource(@Nullable History history, Beginning beginning, Meaning meaning) {
        this.beginning = beginning;
        this.history = history;
        this.meaning = meaning;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SplitEnumerator<HistorySplit, List<HistorySplit>> createEnumerator(
            SplitEnumeratorContext<HistorySplit> context) throws IOException {
        beginning.check();
        return new HistoryEnumerator(context, history == null ? List.of() : List.of(whole(history)));
    }

    private static HistorySplit whole(History history) throws IOException {
        return new HistorySplit(history.files(), lengths(history.files()), history.untilMicros(), 0);
    }

    static List<Long> lengths(List<String> files) throws IOException {
        List<Long> lengths = new ArrayList<>();
        for (String file : files) {
            Path path = new Path(file);
            lengths.add(path.getFileSystem().getFileStatus(path).getLen());
        }
        return lengths;
    }

    @Override
    public SplitEnumerator<HistorySplit, List<HistorySplit>> restoreEnumerator(
            SplitEnumeratorContext<HistorySplit> context, List<HistorySplit> left) {
        return new HistoryEnumerator(context, left);
    }

    @Override
    public SourceReader<byte[], HistorySplit> createReader(SourceReaderContext context) {
        return new HistoryReader(context, meaning);
    }

    @Override
    public SimpleVersionedSerializer<List<HistorySplit>> getEnumeratorCheckpointSerializer() {
        return new HistorySplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<HistorySplit> getSplitSerializer() {
        HistorySplitSerializer several = new HistorySplitSerializer();
        return new SimpleVersionedSerializer<>() {
            @Override
            public int getVersion() {
                return several.getVersion();
            }

            @Override
            public byte[] serialize(HistorySplit split) throws IOException {
                return several.serialize(List.of(split));
            }

            @Override
            public HistorySplit deserialize(int version, byte[] serialized) throws IOException {
                return several.deserialize(version, serialized).get(0);
            }
        };
    }
}
