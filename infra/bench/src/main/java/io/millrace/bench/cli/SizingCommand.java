package io.millrace.bench.cli;

import io.millrace.bench.jobs.SizingBench;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sizing",
        mixinStandardHelpOptions = true,
        description = {
            "Bytes, at 1,000 decisions a second: of decisions, for each of what `decision.log` says; of the join's state; of what join",
            "and learner write."
        },
        footer = {"", "Example:", "  millrace bench sizing --candidates 100 --seconds 5"})
final class SizingCommand implements Callable<Integer> {
    private static final int LOOP = 10;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "100,500",
            split = ",",
            description = "How many are offered (default: ${DEFAULT-VALUE}).")
    private List<Integer> candidates;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many are shown (default: ${DEFAULT-VALUE}).")
    private int slots;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "50",
            description = "Features of a candidate, every other one categorical (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "How long decisions are written for each figure; ten times that for the loop's (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        Consumer<String> progress = line -> command.commandLine().getErr().println("millrace: " + line);
        Map<String, Double> logs = new LinkedHashMap<>();
        logs.put("shown", 0.0);
        logs.put("sample(0.1)", 0.1);
        logs.put("all", 1.0);
        SizingBench bench = new SizingBench(slots, features);
        out.println(slots + " shown, " + features + " features a candidate, 1,000 decisions a second");
        out.println();
        out.println(bench.decisions(seconds, candidates, logs, progress));
        out.println(bench.loop(LOOP * seconds, progress));
        out.flush();
        return 0;
    }
}
