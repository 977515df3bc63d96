package io.millrace.features.job.backfill;

import io.millrace.wire.Problem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/** Reads a history, if this is the task that has it. On its task's thread. */
final class HistoryReader implements SourceReader<byte[], HistorySplit> {
    private final SourceReaderContext context;
    private final HistorySource.Meaning meaning;
    private CompletableFuture<Void> available = new CompletableFuture<>();
    private boolean isOver;
    private @Nullable HistorySplit split;
    private @Nullable MergedHistory records;
    private long read;

    HistoryReader(SourceReaderContext context, HistorySource.Meaning meaning) {
        this.context = context;
        this.meaning = meaning;
    }

    @Override
    public void start() {
        meaning.open();
        if (split == null) {
            context.sendSplitRequest();
        }
    }

    @Override
    public void addSplits(List<HistorySplit> splits) {
        split = splits.get(0);
        available.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {
        isOver = true;
        available.complete(null);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<byte[]> output) throws IOException {
        if (split == null) {
            // Said once: who is asked whether there is more would be asked for ever.
            available = new CompletableFuture<>();
            return isOver ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
        }
        if (records == null) {
            records = begin(split);
        }
        SourceOutput<byte[]> out = output.createOutputForSplit(split.splitId());
        if (records.hasNext()) {
            SpecificRecord record = records.next();
            meaning.of(record, read, out::collect);
            read++;
            return InputStatus.MORE_AVAILABLE;
        }
        out.collect(meaning.end(split.untilMicros()));
        // An output that is let go while it is active would hold event time at the end of the history for ever.
        out.markIdle();
        output.releaseOutputForSplit(split.splitId());
        close();
        split = null;
        if (isOver) {
            return InputStatus.MORE_AVAILABLE;
        }
        available = new CompletableFuture<>();
        context.sendSplitRequest();
        return InputStatus.NOTHING_AVAILABLE;
    }

    private MergedHistory begin(HistorySplit from) throws IOException {
        List<Long> lengths = HistorySource.lengths(from.files());
        for (int i = 0; i < lengths.size(); i++) {
            if (!lengths.get(i).equals(from.lengths().get(i))) {
                throw new HistoryException(new Problem(
                        from.files().get(i),
                        lengths.get(i) + " bytes",
                        from.lengths().get(i) + ", as when the job began to read it"));
            }
        }
        MergedHistory merged = new MergedHistory(from.files());
        for (read = 0; read < from.read(); read++) {
            merged.next();
        }
        return merged;
    }

    @Override
    public List<HistorySplit> snapshotState(long checkpoint) {
        if (split == null) {
            return List.of();
        }
        return List.of(records == null ? split : split.at(read));
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public void close() throws IOException {
        if (records != null) {
            records.close();
            records = null;
        }
    }
}
