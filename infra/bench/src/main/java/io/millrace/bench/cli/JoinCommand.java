package io.millrace.bench.cli;

import io.millrace.bench.jobs.DrainTable;
import io.millrace.bench.jobs.Drained;
import io.millrace.bench.jobs.JoinBench;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = {
            "Decisions and feedback that lie in their topics, joined by the job that `millrace up` runs: RocksDB, transactions,",
            "checkpoints. Events are decisions and feedback, one each; all stay live, since their labels can be corrected."
        },
        footer = {"", "Example:", "  millrace bench join --decisions 100000 --decisions 1000000 --slots 1"})
final class JoinCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--decisions",
            paramLabel = "N",
            defaultValue = "1000000",
            description =
                    "How many decisions: so many live keys at the end; may be given several times (default: ${DEFAULT-VALUE}).")
    private List<Long> decisions;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many are shown in each; may be given several times (default: ${DEFAULT-VALUE}).")
    private List<Integer> slots;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "10",
            description = "Features of a candidate, every other one categorical (default: ${DEFAULT-VALUE}).")
    private int features;

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
            description = "Time between two checkpoints (default: ${DEFAULT-VALUE}, the job's own).")
    private Duration checkpoint;

    @Option(
            names = "--flink",
            paramLabel = "KEY=VALUE",
            description = "A setting of Flink's, in place of the job's own; may be given several times.")
    private Map<String, String> flink = Map.of();

    @Override
    public Integer call() throws Exception {
        Map<String, Drained> runs = new LinkedHashMap<>();
        for (int shown : slots) {
            for (long n : decisions) {
                String name = String.format("%,d decisions of %d", n, shown);
                runs.put(
                        name,
                        new JoinBench(shown, features, parallelism, checkpoint, flink)
                                .run(n, line -> command.commandLine().getErr().println("millrace: " + line)));
            }
        }
        command.commandLine()
                .getOut()
                .println(DrainTable.of(
                        "join, " + features + " features a candidate, parallelism " + parallelism
                                + ", checkpoints every " + checkpoint,
                        runs));
        return 0;
    }
}
