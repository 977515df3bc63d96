package io.millrace.trainer.ids;

import io.millrace.features.spec.IdSpec;
import io.millrace.trainer.score.RowKey;

/**
 * Event time in ticks that fit a float of a row's key.
 *
 * @param tickMicros length of a tick
 * @param forgetTicks an id is forgotten when its last occurrence is more than so many ticks ago: at least the time that the
 *     spec says, at most two ticks more; 0 for never
 */
record EventClock(long tickMicros, int forgetTicks) {
    private static final int LAST = RowKey.LARGEST;

    static EventClock of(IdSpec ids) {
        long micros = ids.forget().toNanos() / 1000;
        long tick = ids.tickMicros();
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
