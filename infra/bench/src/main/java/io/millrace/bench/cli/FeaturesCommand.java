package io.millrace.bench.cli;

import io.millrace.bench.jobs.Drained;
import io.millrace.bench.jobs.FeaturesBench;
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
        name = "features",
        mixinStandardHelpOptions = true,
        description = {
            "Events that lie in their topic, aggregated by the job that `millrace up` runs, with RocksDB: twenty aggregates by item, by",
            "user, and by user and brand."
        },
        footer = {"", "Example:", "  millrace bench features --events 500000 --users 100000"})
final class FeaturesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many events (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "How many users, each with up to 20 brands; may be given several times (default: ${DEFAULT-VALUE}).")
    private List<Integer> users;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many items (default: ${DEFAULT-VALUE}).")
    private int items;

    @Mixin
    private DrainFlags drain;

    @Override
    public Integer call() throws Exception {
        Map<String, Drained> runs = new LinkedHashMap<>();
        for (int some : users) {
            runs.put(
                    String.format("%,d users", some),
                    new FeaturesBench(some, items, drain.parallelism(), drain.checkpoint(), drain.flink())
                            .run(events, line -> command.commandLine().getErr().println("millrace: " + line)));
        }
        command.commandLine()
                .getOut()
                .println(drain.table("20 aggregates, " + String.format("%,d", items) + " items", runs));
        return 0;
    }
}
