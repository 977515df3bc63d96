package io.millrace.local.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * Something that goes wrong.
 *
 * @param at after the beginning
 * @param victim name of a process; of a store, a base or a delta, what it is about
 * @param lasts until it is made good: a process is started again or goes on, a connection or the store is there again
 */
record Fault(Duration at, Kind kind, String victim, Duration lasts) {
    /** What goes wrong. */
    enum Kind {
        /** {@code kill -9}. */
        KILL,
        /** {@code SIGSTOP}: it is there, and does not answer. */
        PAUSE,
        /** It is asked to end, and started again. */
        RESTART,
        /** All connections of collector and serving to the brokers end, and none begins. */
        CUT,
        /** No base snapshot can be written or read. */
        STORE,
        /** A bit of the newest base snapshot turns, and a serving process starts. */
        CORRUPT_BASE,
        /** A bit of a delta turns on its way. */
        CORRUPT_DELTA;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
