package io.millrace.bench.contest;

import java.util.Iterator;
import java.util.List;

/** Shows given seconds, one a look; a thread has a processor half of the time. */
final class TestingClock implements Clock {
    private final Iterator<Integer> seconds;
    private long now;

    TestingClock(List<Integer> seconds) {
        this.seconds = seconds.iterator();
    }

    @Override
    public long nanos() {
        now = seconds.next() * 1_000_000_000L;
        return now;
    }

    @Override
    public long processorNanos() {
        return now / 2;
    }
}
