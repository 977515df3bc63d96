package io.millrace.features.job.pace;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** An enumerator that tells Flink when any of its readers is in a backlog: then checkpoints are further apart. */
final class PacedEnumerator<S extends SourceSplit, C> implements SplitEnumerator<S, C> {
    private final SplitEnumerator<S, C> enumerator;
    private final SplitEnumeratorContext<S> context;
    private final Set<Integer> inBacklog = new HashSet<>();

    PacedEnumerator(SplitEnumerator<S, C> enumerator, SplitEnumeratorContext<S> context) {
        this.enumerator = enumerator;
        this.context = context;
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (event instanceof BacklogEvent backlog) {
            set(subtask, backlog.isInBacklog());
        } else {
            enumerator.handleSourceEvent(subtask, event);
        }
    }

    /** A reader that has just started is in none until it says so. */
    @Override
    public void addReader(int subtask) {
        set(subtask, false);
        enumerator.addReader(subtask);
    }

    private void set(int subtask, boolean isInBacklog) {
        if (isInBacklog ? inBacklog.add(subtask) : inBacklog.remove(subtask)) {
            context.setIsProcessingBacklog(!inBacklog.isEmpty());
        }
    }

    @Override
    public void start() {
        // Flink remembers what an enumerator before this one said.
        context.setIsProcessingBacklog(false);
        enumerator.start();
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        enumerator.handleSplitRequest(subtask, host);
    }

    @Override
    public void addSplitsBack(List<S> splits, int subtask) {
        enumerator.addSplitsBack(splits, subtask);
    }

    @Override
    public C snapshotState(long checkpointId) throws Exception {
        return enumerator.snapshotState(checkpointId);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        enumerator.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        enumerator.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
        enumerator.close();
    }
}
