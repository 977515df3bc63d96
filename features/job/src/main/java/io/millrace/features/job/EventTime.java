package io.millrace.features.job;

/** Flink's event time counts milliseconds, ours microseconds. */
final class EventTime {
    private static final long MICROS_A_MILLI = 1000;

    private EventTime() {}

    /** The millisecond that a time lies in. */
    static long millis(long micros) {
        return Math.floorDiv(micros, MICROS_A_MILLI);
    }

    /** The last microsecond of a millisecond: what has been reached when Flink says that the millisecond is over. */
    static long reachedMicros(long millis) {
        if (millis >= Long.MAX_VALUE / MICROS_A_MILLI) {
            return Long.MAX_VALUE;
        }
        return millis <= Long.MIN_VALUE / MICROS_A_MILLI
                ? Long.MIN_VALUE
                : millis * MICROS_A_MILLI + MICROS_A_MILLI - 1;
    }
}
