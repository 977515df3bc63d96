package io.millrace.features.job.backfill;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Gives the history to whichever task asks first. */
final class HistoryEnumerator implements SplitEnumerator<HistorySplit, List<HistorySplit>> {
    private final SplitEnumeratorContext<HistorySplit> context;
    private final Deque<HistorySplit> left;

    HistoryEnumerator(SplitEnumeratorContext<HistorySplit> context, List<HistorySplit> left) {
        this.context = context;
        this.left = new ArrayDeque<>(left);
    }

    @Override
    public void start() {}

    @Override
    public void addReader(int subtask) {}

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        @Nullable HistorySplit next = left.poll();
        if (next == null) {
            context.signalNoMoreSplits(subtask);
        } else {
            context.assignSplit(next, subtask);
        }
    }

    @Override
    public void addSplitsBack(List<HistorySplit> splits, int subtask) {
        left.addAll(splits);
    }

    @Override
    public List<HistorySplit> snapshotState(long checkpoint) {
        return List.copyOf(left);
    }

    @Override
    public void close() {}
}
