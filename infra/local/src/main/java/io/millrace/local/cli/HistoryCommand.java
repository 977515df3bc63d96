package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.HistoryPart;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "What is logged, as Parquet files; docs/python.md.",
        subcommands = HistoryCommand.Run.class,
        footer = {"", "Example:", "  millrace history run --spec movies.yaml --kafka broker:9092 --to history"})
final class HistoryCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command given (expected: run)");
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = {
                "Writes events, decisions, feedback, outcomes and examples to Parquet files by topic and day, each record once.",
                "Started again with the same checkpoints it goes on where it was; with others it begins anew, beside what is there."
            },
            footer = {
                "",
                "Example:",
                "  millrace history run --spec movies.yaml --config millrace.properties --to history --checkpoints history-state"
            })
    static final class Run implements Callable<Integer> {
        private static final int LEAST_MILLIS = 100;

        @Spec
        private CommandSpec command;

        @Option(names = "--spec", paramLabel = "FILE", required = true, description = "The pipeline; docs/spec.md.")
        private Path spec;

        @Mixin
        private DeploymentFlags deployment;

        @Option(names = "--to", paramLabel = "DIR", required = true, description = "Where files go.")
        private Path files;

        @Option(
                names = "--checkpoints",
                paramLabel = "DIR",
                defaultValue = "history-state",
                description = "Where is kept how far it is (default: ${DEFAULT-VALUE}).")
        private Path checkpoints;

        @Option(
                names = "--checkpoint-interval",
                paramLabel = "MS",
                defaultValue = "60000",
                description = "Files are finished as often, in milliseconds (default: ${DEFAULT-VALUE}).")
        private int intervalMillis;

        @Override
        public Integer call() throws Exception {
            if (intervalMillis < LEAST_MILLIS) {
                throw new StartException(new Problem(
                                "--checkpoint-interval", Integer.toString(intervalMillis), "at least " + LEAST_MILLIS)
                        .toString());
            }
            PipelineSpec pipeline = SpecFile.read("--spec", spec);
            PrintWriter err = command.commandLine().getErr();
            URI to = files.toAbsolutePath().normalize().toUri();
            AutoCloseable part = HistoryPart.start(
                    pipeline,
                    deployment.read().kafka(),
                    to,
                    checkpoints.toAbsolutePath(),
                    Duration.ofMillis(intervalMillis),
                    reason -> err.println("millrace: " + reason));
            return Running.untilStopped(command, "writing the history to " + files, part);
        }
    }
}
