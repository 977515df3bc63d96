package io.millrace.trainer.ids;

import io.millrace.trainer.score.RowKey;
import java.time.Duration;

/**
 * Event time in ticks that fit a float of a row's key. A tick is a 1,024th of the time after which ids are forgotten, and at
 * least two seconds, so that they last from 1970 into the next century.
 *
 * @param tickMicros length of a tick
 * @param forgetTicks an id is forgotten when its last occurrence is more than so many ticks ago: at least the time that the
 *     spec says, at most two ticks more; 0 for never
 */
record EventClock(long tickMicros, int forgetTicks) {
    private static final int TICKS = 1024;
    private static final long SHORTEST_MICROS = 2_000_000;
    private static final int LAST = RowKey.LARGEST;

    static EventClock of(Duration forget) {
        long micros = forget.toNanos() / 1000;
        long tick = Math.max(SHORTEST_MICROS, (micros + TICKS - 1) / TICKS);
        return new EventClock(tick, (int) ((micros + tick - 1) / tick));
    }

    /** The tick of a moment; what lies outside of the time that ticks can tell is at its edge. */
    int tick(long timeMicros) {
        return (int) Math.max(0, Math.min(LAST, timeMicros / tickMicros));
    }

    /**
     * @param last when an id occurred last; negative for one whose occurrence has not been counted, which is never expired
     */
    boolean isExpired(int last, int now) {
        return forgetTicks > 0 && last >= 0 && now - last > forgetTicks;
    }
}
