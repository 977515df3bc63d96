package io.millrace.local.cluster;

import java.util.List;

/**
 * A process that a cluster consists of.
 *
 * @param name its own: {@code broker-1}
 * @param port where it can be asked whether it is there; 0 if nowhere
 * @param heapMegabytes the most that its heap may grow to
 * @param main class and arguments
 */
public record Member(String name, Kind kind, int port, int heapMegabytes, List<String> main) {
    /** What it is. */
    public enum Kind {
        BROKER,
        ZOOKEEPER,
        JOB_MANAGER,
        TASK_MANAGER,
        COLLECTOR,
        SERVING,
        /** Only where the pipeline has sources. */
        SOURCES
    }

    public Member {
        main = List.copyOf(main);
    }
}
