package io.millrace.features.job.backfill;

import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * How far a history has been read. There is one of a history: time has one order.
 *
 * @param lengths of the files, in bytes: how far was read says nothing of others
 * @param read how many records, in the order of time
 */
record HistorySplit(List<String> files, List<Long> lengths, long untilMicros, long read) implements SourceSplit {
    HistorySplit {
        files = List.copyOf(files);
        lengths = List.copyOf(lengths);
    }

    HistorySplit at(long position) {
        return new HistorySplit(files, lengths, untilMicros, position);
    }

    @Override
    public String splitId() {
        return "history";
    }
}
