package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.local.consistency.ConsistencyCheck;
import io.millrace.local.consistency.ConsistencyReport;
import io.millrace.local.consistency.ConsistencyTopics;
import io.millrace.local.log.RecordLog;
import io.millrace.record.Manifest;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.ClientProblem;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "consistency",
        mixinStandardHelpOptions = true,
        description = {
            "Computes streaming features that decisions logged again, from the log alone, and compares.",
            "Exit code 0 if all are equal, 1 on a difference; docs/verify.md."
        },
        footer = {
            "",
            "Examples:",
            "  millrace consistency --dir data",
            "  millrace consistency --kafka broker:9092 --every 10"
        })
final class ConsistencyCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final double MILLIS_A_MINUTE = 60_000;

    @Spec
    private CommandSpec command;

    @Mixin
    private LogFlags log;

    @Option(names = "--spec", paramLabel = "FILE", description = "The pipeline (default: that of the newest manifest).")
    private @Nullable Path spec;

    @Option(
            names = "--decisions",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many decisions, chosen by a hash of their ids (default: ${DEFAULT-VALUE}).")
    private int decisions;

    @Option(
            names = "--since",
            paramLabel = "TIMESTAMP",
            description =
                    "After a backfill its --to, like 2026-01-01T00:00:00Z: what happened before did not count from topics.")
    private @Nullable Instant since;

    @Option(
            names = "--every",
            paramLabel = "MINUTES",
            description =
                    "Goes on, so often, with the decisions made since, and publishes what it finds in metrics and alerts.")
    private @Nullable Double every;

    @Option(
            names = "--bound",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "With --every: the share of a feature's values beyond which there is an alert (default: 0).")
    private double bound;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes what was found there, as one JSON object.")
    private @Nullable Path report;

    @Override
    public Integer call() throws Exception {
        check(decisions > 0, "--decisions", decisions, "at least 1");
        check(bound >= 0 && bound <= 1, "--bound", bound, "0 to 1");
        check(every == null || every > 0, "--every", String.valueOf(every), "positive");
        if (every != null && log.isStopped()) {
            throw new ParameterException(
                    command.commandLine(), "--every: with --dir (expected: brokers that run, by --kafka or --config)");
        }
        return log.with(command, (kafka, store) -> run(kafka));
    }

    private void check(boolean right, String flag, Object value, String expected) {
        if (!right) {
            throw new ParameterException(
                    command.commandLine(), new Problem(flag, value.toString(), expected).toString());
        }
    }

    private int run(KafkaSettings kafka) throws Exception {
        if (every != null) {
            PartAccess.check(kafka, Part.CONSISTENCY);
        }
        PipelineSpec pipeline = spec == null ? published(kafka) : SpecFile.read("--spec", spec);
        if (pipeline.aggregates().isEmpty()) {
            throw new StartException(
                    new Problem(pipeline.pipeline() + ": features", "none", "at least one: there is nothing to compare")
                            .toString());
        }
        try (ConsistencyCheck check = new ConsistencyCheck(kafka, pipeline, since, System::nanoTime)) {
            if (every != null) {
                follow(kafka, check, (long) (every * MILLIS_A_MINUTE));
            }
            ConsistencyReport found = check.run(decisions);
            if (found.offered() == 0) {
                throw new StartException(new Problem(
                                "decisions",
                                "none of " + found.passedOver() + " with this feature set and featuresOffset",
                                "some that serving of this release made under this spec")
                        .toString());
            }
            tell(found);
            return found.isEqual() ? 0 : DIFFERENT;
        }
    }

    /** Until the process is ended; where brokers do not answer, the next round looks at what this one should have. */
    private void follow(KafkaSettings kafka, ConsistencyCheck check, long pauseMillis) throws Exception {
        try (ConsistencyTopics topics = new ConsistencyTopics(kafka, Clock.systemUTC())) {
            while (true) {
                Optional<ConsistencyReport> found = round(check, topics);
                if (found.isPresent() && found.get().offered() > 0) {
                    tell(found.get());
                }
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        }
    }

    private Optional<ConsistencyReport> round(ConsistencyCheck check, ConsistencyTopics topics) throws Exception {
        try {
            ConsistencyReport found = check.run(decisions);
            if (found.offered() > 0) {
                topics.publish(found, bound);
            }
            check.advance();
            return Optional.of(found);
        } catch (StartException | KafkaException e) {
            if (ClientProblem.of(e).isPresent()) {
                throw e;
            }
            PrintWriter err = command.commandLine().getErr();
            err.println("millrace: " + e.getMessage() + "; the next round tries again, in " + every + " minutes");
            err.flush();
            return Optional.empty();
        }
    }

    private void tell(ConsistencyReport found) throws StartException {
        PrintWriter out = command.commandLine().getOut();
        out.print(found.text());
        out.flush();
        ReportFile.write(report, found.json());
    }

    private static PipelineSpec published(KafkaSettings kafka) throws StartException, InterruptedException {
        @Nullable String[] newest = {null};
        try (RecordLog log = new RecordLog(kafka)) {
            log.each(Topic.MODEL_MANIFESTS, Manifest.class, manifest -> {
                if (manifest.getSpecText() != null) {
                    newest[0] = manifest.getSpecText();
                }
            });
        }
        if (newest[0] == null) {
            throw new StartException("model-manifests: no spec (expected: a pipeline that has learned, or --spec)");
        }
        return SpecReader.read(newest[0], "manifest");
    }
}
