package io.millrace.features.consistency;

import io.millrace.record.FeatureValues;
import io.millrace.record.SourcePosition;
import java.util.List;

/**
 * How far into the log the values of an entity reach.
 *
 * @param asOfMicros the event time that they are as of
 * @param taken how many records they are made of
 * @param read of each partition, the newest of these
 */
public record Reach(long asOfMicros, long taken, List<SourcePosition> read) {
    /** Of an entity to which nothing had happened. */
    public static final Reach NOTHING = new Reach(Long.MIN_VALUE, 0, List.of());

    public Reach {
        read = List.copyOf(read);
    }

    public static Reach of(FeatureValues record) {
        return new Reach(record.getAsOfMicros(), record.getTaken(), record.getRead());
    }

    /** Whether it is known, and of the log alone. */
    public boolean isKnown() {
        return taken >= 0 && !isOfFiles();
    }

    /** Whether some of it is of files, by a backfill. */
    public boolean isOfFiles() {
        return read.stream().anyMatch(position -> position.getPartition() < 0);
    }

    boolean covers(Seen one) {
        return read.stream()
                .anyMatch(position -> position.getOffset() >= one.offset()
                        && position.getPartition() == one.partition()
                        && position.getTopic().equals(one.origin().topic().text()));
    }
}
