package io.millrace.bench.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** For how long threads of this process have had a processor: the learner's, the broker's, the compiler's, the collector's. */
public final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessorTime() {}

    public static double seconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }
}
