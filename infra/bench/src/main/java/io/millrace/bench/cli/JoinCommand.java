package io.millrace.bench.cli;

import io.millrace.bench.jobs.Drained;
import io.millrace.bench.jobs.JoinBench;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private DrainFlags drain;

    @Override
    public Integer call() throws Exception {
        Map<String, Drained> runs = new LinkedHashMap<>();
        for (int shown : slots) {
            for (long n : decisions) {
                String name = String.format("%,d decisions of %d", n, shown);
                runs.put(
                        name,
                        new JoinBench(shown, features, drain.parallelism(), drain.checkpoint(), drain.flink())
                                .run(n, line -> command.commandLine().getErr().println("millrace: " + line)));
            }
        }
        command.commandLine().getOut().println(drain.table("join, " + features + " features a candidate", runs));
        return 0;
    }
}
