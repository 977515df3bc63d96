package io.millrace.bench.cli;

import io.millrace.bench.jobs.LoopBench;
import io.millrace.local.demo.Audiences;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "loop",
        mixinStandardHelpOptions = true,
        description = {
            "The whole loop, in one process and over HTTP, with an audience of the demo: events a second through join and learning,",
            "freshness, rank latency, bytes in each topic. Once as fast as it answers, once at a rate, each with a loop of its own."
        },
        footer = {"", "Example:", "  millrace bench loop --audience flights --decisions 10000 --rate 200"})
final class LoopCommand implements Callable<Integer> {
    private static final int SEED = 1;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--audience",
            paramLabel = "WHO",
            defaultValue = "simulated",
            description = "flights, ratings or simulated (default: ${DEFAULT-VALUE}).")
    private Audiences who;

    @Option(names = "--data", paramLabel = "PATH", description = "The audience's data, where it is not built in.")
    private @Nullable Path data;

    @Option(
            names = "--decisions",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many decisions, each time (default: ${DEFAULT-VALUE}).")
    private long decisions;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0,500",
            split = ",",
            description = "Decisions a second; 0: as fast as they are answered (default: ${DEFAULT-VALUE}).")
    private List<Double> rates;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        LoopBench bench = new LoopBench(who, Optional.ofNullable(data), SEED);
        for (double rate : rates) {
            out.println(bench.run(decisions, rate, line -> err.println("millrace: " + line)));
            out.flush();
        }
        return 0;
    }
}
