package io.millrace.bench.cli;

import io.millrace.bench.jobs.DrainTable;
import io.millrace.bench.jobs.Drained;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Option;

/** How the job runs that drains a backlog. */
final class DrainFlags {
    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "1",
            description = "Tasks of each operator (default: ${DEFAULT-VALUE}).")
    private int parallelism;

    @Option(
            names = "--checkpoint",
            paramLabel = "DURATION",
            defaultValue = "PT0.1S",
            description = "Time between two checkpoints (default: ${DEFAULT-VALUE}, as in one process).")
    private Duration checkpoint;

    @Option(
            names = "--flink",
            paramLabel = "KEY=VALUE",
            description = "A setting of Flink's, in place of the job's own; may be given several times.")
    private Map<String, String> flink = Map.of();

    int parallelism() {
        return parallelism;
    }

    Duration checkpoint() {
        return checkpoint;
    }

    Map<String, String> flink() {
        return flink;
    }

    /** What came of the runs, with how they ran. */
    String table(String what, Map<String, Drained> runs) {
        return DrainTable.of(what + ", parallelism " + parallelism + ", checkpoints every " + checkpoint, runs);
    }
}
