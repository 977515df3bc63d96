package io.millrace.local.learn;

import io.millrace.ingestion.table.DataException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What becomes of rows that are no examples: the first ends the run, or they are counted and the first few told. Thread-safe. */
final class BadRows {
    private static final int TOLD = 5;

    private final boolean skips;
    private final Consumer<String> tell;
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicInteger problems = new AtomicInteger();

    BadRows(boolean skips, Consumer<String> tell) {
        this.skips = skips;
        this.tell = tell;
    }

    /** @throws DataException the one given, where nothing is skipped */
    void add(DataException problem) {
        add(problem, 1);
    }

    /**
     * The same where other rows are lost with the one at fault.
     *
     * @param rows how many in all
     */
    void add(DataException problem, long rows) {
        if (!skips) {
            throw problem;
        }
        skipped.addAndGet(rows);
        int count = problems.incrementAndGet();
        if (count <= TOLD) {
            String others = rows == 1 ? "" : "; and with it the " + (rows - 1) + " others of its mini-batch";
            tell.accept("skipped: " + problem.getMessage() + others);
        }
        if (count == TOLD + 1) {
            tell.accept("skipped: further rows are counted only");
        }
    }

    long skipped() {
        return skipped.get();
    }
}
