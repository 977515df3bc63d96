package io.millrace.ingestion.replay;

import java.time.Duration;

/** Time that passes when somebody sleeps, or when a test says so. */
final class TestingTicker implements Ticker {
    private long nanos;
    private long slept;

    void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    /** All that was slept. */
    Duration slept() {
        return Duration.ofNanos(slept);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        nanos += duration.toNanos();
        slept += duration.toNanos();
    }
}
