package io.millrace.local.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other processes do. */
final class Waiting {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Waiting() {}

    /** Returns when the condition holds, or fails after two minutes. */
    static void until(String what, BooleanSupplier condition) {
        until(what, PATIENCE, () -> !condition.getAsBoolean(), () -> "");
    }

    /**
     * Returns when what is waited for is no longer missing, or fails.
     *
     * @param evidence is asked for the failure's message
     */
    static void until(String what, Duration patience, BooleanSupplier missing, Supplier<String> evidence) {
        long end = System.nanoTime() + patience.toNanos();
        while (missing.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not there (expected: within " + patience + ") " + evidence.get());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
