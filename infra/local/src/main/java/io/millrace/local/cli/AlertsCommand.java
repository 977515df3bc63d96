package io.millrace.local.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.alerts.AlertLog;
import io.millrace.record.Alert;
import io.millrace.record.Severity;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        description = "Shows what a person should look at, the newest last; docs/operations.md.",
        footer = {
            "",
            "Examples:",
            "  millrace alerts --dir data",
            "  millrace alerts --kafka 127.0.0.1:9092 --severity critical --since 2030-01-02T03:00:00Z --follow --json"
        })
final class AlertsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec command;

    @Option(names = "--since", paramLabel = "TIME", description = "Those of then or later, ISO 8601 in UTC.")
    private @Nullable Instant since;

    @Option(
            names = "--severity",
            paramLabel = "SEVERITY",
            defaultValue = "INFO",
            description = "Those at least so urgent: INFO, WARNING or CRITICAL (default: ${DEFAULT-VALUE}).")
    private Severity severity;

    @Option(names = "--follow", description = "Goes on with those to come, until it is stopped.")
    private boolean follow;

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    @Mixin
    private LogFlags log;

    @Override
    public Integer call() throws Exception {
        if (follow && log.isStopped()) {
            throw new ParameterException(
                    command.commandLine(), "--follow: with --dir (expected: brokers that run, by --kafka or --config)");
        }
        return log.with(command, (kafka, store) -> {
            try (AlertLog alerts = new AlertLog(kafka)) {
                Printer printer = new Printer();
                alerts.read(printer);
                if (follow) {
                    alerts.follow(printer, () -> true);
                } else if (printer.count == 0) {
                    command.commandLine().getErr().println("no alerts");
                }
                return 0;
            }
        });
    }

    private final class Printer implements AlertLog.Reader {
        private int count;

        @Override
        public void alert(Alert alert) {
            Instant time = Instant.EPOCH.plus(alert.getTimeMicros(), ChronoUnit.MICROS);
            if (alert.getSeverity().compareTo(severity) < 0 || since != null && time.isBefore(since)) {
                return;
            }
            count++;
            PrintWriter out = command.commandLine().getOut();
            out.println(json ? json(alert, time) : text(alert, time));
            out.flush();
        }

        @Override
        public void unreadable(String place, String reason) {
            command.commandLine().getErr().println("millrace: " + place + ": " + reason);
        }
    }

    private static String text(Alert alert, Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS) + "  " + alert.getSeverity() + "  " + alert.getSeries() + ": "
                + alert.getText();
    }

    private static String json(Alert alert, Instant time) {
        return JSON.createObjectNode()
                .put("time", time.toString())
                .put("severity", alert.getSeverity().name())
                .put("series", alert.getSeries())
                .put("text", alert.getText())
                .toString();
    }
}
