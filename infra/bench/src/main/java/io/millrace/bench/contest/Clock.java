package io.millrace.bench.contest;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What a contest reads the time from. */
public interface Clock {
    /** Nanoseconds since some moment. */
    long nanos();

    /** Nanoseconds for which the calling thread has had a processor. */
    long processorNanos();

    /** The machine's. */
    static Clock system() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long processorNanos() {
                return threads.getCurrentThreadCpuTime();
            }
        };
    }
}
