package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the ids of features and crosses find their weights.
 *
 * @param exact whether every id has a row of its own; otherwise ids are hashed into a table of fixed size and may collide
 * @param admit of exact tables: an id gets a weight with its so many-th occurrence
 * @param forget of exact tables: an id without an occurrence for so long, in event time, is forgotten; 0 for never
 * @param rows of exact tables: the most rows
 */
public record IdSpec(boolean exact, int admit, Duration forget, int rows) implements Serializable {
    /** Hashed ids. */
    public static final IdSpec HASHED = new IdSpec(false, 1, Duration.ZERO, 0);

    private static final int FIRST_SLOTS = 1 << 12;
    private static final int TICKS = 1024;
    private static final long SHORTEST_TICK_MICROS = 2_000_000;

    /** Of exact tables: the most slots for ids, a power of two. */
    public int mostSlots() {
        return Integer.highestOneBit(rows);
    }

    /** Of exact tables: the slots at the beginning. */
    public int firstSlots() {
        return Math.min(mostSlots(), FIRST_SLOTS);
    }

    /**
     * Of exact tables: the unit of event time in which rows keep when their ids occurred last. It is a 1,024th of the time after
     * which ids are forgotten, and at least two seconds, so that floats of a row's key last from 1970 into the next century.
     */
    public long tickMicros() {
        long micros = forget.toNanos() / 1000;
        return Math.max(SHORTEST_TICK_MICROS, (micros + TICKS - 1) / TICKS);
    }
}
