package io.millrace.local.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.local.StartException;
import io.millrace.local.chaos.ChaosOptions;
import io.millrace.local.chaos.ChaosReport;
import io.millrace.local.chaos.ChaosRun;
import io.millrace.local.cluster.Sabotage;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Has a cluster under load suffer faults, then proves that nothing was lost, written or learned twice.",
            "Kills, pauses and restarts its processes, cuts connections, makes the store refuse and turns bits, at moments",
            "that the seed fixes. Exit code 1 if anything is not as it should be; docs/guarantees.md."
        },
        footer = {"", "Example:", "  millrace chaos --kills 20 --seed 7 --report chaos.json"})
final class ChaosCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BROKERS = 3;
    private static final int TASK_MANAGERS = 2;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many processes are killed (default: ${DEFAULT-VALUE}); other faults come beside.")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Fixes what happens and when (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "9",
            description = "In which faults happen (default: ${DEFAULT-VALUE}); start, calm and proof take three more.")
    private double minutes;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "25",
            description = "Decisions a second, each with feedback (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--sabotage",
            paramLabel = "WHAT",
            defaultValue = "none",
            description = "Builds a mistake in, so that the proof says no: none, transactions, offsets.")
    private Sabotage sabotage;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the report as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the cluster is made; stays, with all logs (default: a new temporary directory).")
    private @Nullable Path directory;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Path place = directory == null ? Files.createTempDirectory("millrace-chaos") : directory;
        ChaosOptions options = options(place);
        Logs.to(place.resolveSibling(place.getFileName() + "-logs"));
        err.println("millrace: chaos in " + place);
        ChaosReport result = new ChaosRun(options, line -> err.println("millrace: " + line)).run();
        String json =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(result) + "\n";
        out.print(json);
        out.flush();
        if (report != null) {
            Files.writeString(report, json);
        }
        return result.holds() ? 0 : FAILED;
    }

    private ChaosOptions options(Path place) throws StartException {
        try {
            Duration span = Duration.ofMillis((long) (minutes * TimeUnit.MINUTES.toMillis(1)));
            return new ChaosOptions(
                    place, kills, seed, span, rate, ChaosOptions.Phases.USUAL, BROKERS, TASK_MANAGERS, sabotage);
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }
}
