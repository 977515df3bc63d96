package io.millrace.bench.jobs;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** For how long the one of Flink's tasks that is busiest has had a processor: what bounds a job of one task each. */
final class BusiestTask {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String GROUP = "Flink Task Threads";

    private BusiestTask() {}

    static double seconds() {
        return Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getThreadGroup() != null
                                && thread.getThreadGroup().getName().equals(GROUP))
                        .mapToLong(thread -> THREADS.getThreadCpuTime(thread.getId()))
                        .max()
                        .orElse(0)
                / 1e9;
    }
}
