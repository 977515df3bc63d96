package io.millrace.trainer.job;

/**
 * When a shard's next version is due: as often as it is asked, unless that would take more than a share of the time. What a cut
 * costs are the rows that changed since the one before, and of these there are fewer an example the more examples there
 * are; where a log is caught up on, versions of every moment are worth less than getting through. Not thread-safe.
 */
final class CutPace {
    /** Cutting takes at most one part in this many of the time. */
    private static final int SHARE = 10;

    private long endMillis = Long.MAX_VALUE;
    private long dueMillis;

    /** A clock that was set back delays nothing. */
    boolean isDue(long nowMillis) {
        return nowMillis >= dueMillis || nowMillis < endMillis;
    }

    void note(long beginMillis, long endMillis) {
        this.endMillis = endMillis;
        dueMillis = endMillis + (endMillis - beginMillis) * (SHARE - 1);
    }
}
