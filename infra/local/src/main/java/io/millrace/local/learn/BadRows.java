package io.millrace.local.learn;

import io.millrace.ingestion.table.DataException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What becomes of rows that are no examples: the first ends the run, or they are counted and the first few told. Thread-safe. */
final class BadRows {
    private static final int TOLD = 5;

    private final boolean skips;
    private final Consumer<String> tell;
    private final AtomicLong skipped = new AtomicLong();

    BadRows(boolean skips, Consumer<String> tell) {
        this.skips = skips;
        this.tell = tell;
    }

    /** @throws DataException the one given, where nothing is skipped */
    void add(DataException problem) {
        if (!skips) {
            throw problem;
        }
        long count = skipped.incrementAndGet();
        if (count <= TOLD) {
            tell.accept("skipped: " + problem.getMessage());
        }
        if (count == TOLD + 1) {
            tell.accept("skipped: further rows are counted only");
        }
    }

    long skipped() {
        return skipped.get();
    }
}
