package io.millrace.local.cli;

import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.local.cluster.Cluster;
import io.millrace.local.demo.Audiences;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a real cluster on this machine, a process for each part.",
            "Brokers, ZooKeeper, Flink's job manager and task managers, the collector, two serving processes, and the reader of",
            "sources where the pipeline has some, on loopback.",
            "They go on when the command has ended."
        },
        subcommands = {ClusterCommand.Up.class, ClusterCommand.Status.class, ClusterCommand.Down.class},
        footer = {"", "Example:", "  millrace cluster up --dir cluster", "  millrace cluster status --dir cluster"})
final class ClusterCommand implements Runnable {
    private static final int NOT_ALL_READY = 1;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "cluster",
            scope = ScopeType.INHERIT,
            description = "Where its processes keep everything, logs included (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command given (expected: up, status or down)");
    }

    private PrintWriter out() {
        return command.commandLine().getOut();
    }

    private PrintWriter err() {
        return command.commandLine().getErr();
    }

    @Command(
            name = "up",
            mixinStandardHelpOptions = true,
            description = "Starts what does not run; in a new directory, a new cluster.")
    static final class Up implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Option(
                names = "--spec",
                paramLabel = "FILE",
                description = "The pipeline (default: the one of 'millrace demo --audience simulated').")
        private @Nullable Path spec;

        @Option(
                names = "--brokers",
                paramLabel = "N",
                defaultValue = "3",
                description =
                        "Brokers of a new cluster (default: ${DEFAULT-VALUE}); with 3, each record is kept thrice.")
        private int brokers;

        @Option(
                names = "--taskmanagers",
                paramLabel = "N",
                defaultValue = "2",
                description = "Task managers of a new cluster (default: ${DEFAULT-VALUE}).")
        private int taskManagers;

        @Override
        public Integer call() throws Exception {
            long begin = System.nanoTime();
            try (Cluster running = Cluster.of(
                    cluster.directory,
                    specText(),
                    spec == null ? "simulated.yaml" : spec.toString(),
                    new Cluster.Size(brokers, taskManagers, false))) {
                running.up(what -> cluster.err().println("millrace: " + what));
                cluster.err()
                        .println("millrace: up after "
                                + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
                print(running, cluster.out());
            }
            return 0;
        }

        private Optional<String> specText() throws StartException {
            if (spec == null) {
                return Files.exists(cluster.directory.resolve("cluster.json"))
                        ? Optional.empty()
                        : Optional.of(Audiences.SIMULATED.spec());
            }
            try {
                return Optional.of(Files.readString(spec));
            } catch (IOException e) {
                throw new StartException(
                        "--spec: " + spec + ": " + IoReasons.of(e) + " (expected: a pipeline spec)", e);
            }
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Shows every process with its id, port and whether it does its work; exit code 1 if one does not.")
    static final class Status implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Override
        public Integer call() throws Exception {
            try (Cluster running = Cluster.of(cluster.directory)) {
                return print(running, cluster.out()) ? 0 : NOT_ALL_READY;
            }
        }
    }

    @Command(
            name = "down",
            mixinStandardHelpOptions = true,
            description = "Stops all processes; 'up' goes on where they were.")
    static final class Down implements Callable<Integer> {
        @ParentCommand
        private ClusterCommand cluster;

        @Override
        public Integer call() throws Exception {
            try (Cluster running = Cluster.of(cluster.directory)) {
                running.down(what -> cluster.err().println("millrace: " + what));
            }
            return 0;
        }
    }

    private static boolean print(Cluster cluster, PrintWriter out) throws InterruptedException, StartException {
        boolean all = true;
        out.printf("%-15s %8s %6s  %-8s %s%n", "process", "pid", "port", "state", "up");
        for (Cluster.State state : cluster.states()) {
            all &= state.isReady();
            out.printf(
                    "%-15s %8s %6s  %-8s %s%n",
                    state.name(),
                    state.pid() == 0 ? "-" : state.pid(),
                    state.port() == 0 ? "-" : state.port(),
                    state.pid() == 0 ? "down" : state.isReady() ? "ready" : "starting",
                    state.up() == null ? "" : state.up().toSeconds() + " s");
        }
        boolean running = cluster.areJobsRunning();
        out.println();
        out.println("jobs       " + (running ? "running" : "not running"));
        out.println("Kafka      " + cluster.kafka().client().get("bootstrap.servers"));
        out.println("collector  " + cluster.collector());
        out.println(
                "serving    " + cluster.serving().stream().map(Object::toString).collect(Collectors.joining(", ")));
        out.println("logs       " + cluster.path().resolve("logs"));
        return all && running;
    }
}
