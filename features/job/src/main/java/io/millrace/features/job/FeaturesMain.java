package io.millrace.features.job;

import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistorySource;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicCheck;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Streaming features as a program that Flink runs: {@code flink run -c io.millrace.features.job.FeaturesMain millrace-join.jar
 * --spec movies.yaml --config millrace.properties}. Where checkpoints go and how often the job restarts is said in Flink's own
 * configuration.
 */
@Command(name = "millrace-features", description = "Computes what the spec declares under features.")
public final class FeaturesMain {
    private static final Logger LOG = LoggerFactory.getLogger(FeaturesMain.class);

    @Mixin
    private JobOptions options;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "Milliseconds; values become visible before that.")
    private int checkpointMillis;

    @Option(
            names = "--history",
            paramLabel = "DIR",
            description = {
                "Begins with what 'millrace backfill --prepare' wrote there, where every task manager can read it, then reads topics.",
                "A job that goes on from its checkpoint need not be told again."
            })
    private @Nullable String history;

    @Option(
            names = "--to",
            paramLabel = "TIMESTAMP",
            description = "The end of the history: what happened before counts from there, the rest from topics.")
    private @Nullable String to;

    @Option(names = "--allow-gap", description = "Even where topics have lost what came after the end of the history.")
    private boolean allowGap;

    private FeaturesMain() {}

    /** Builds the job and hands it to the cluster that the program was started for. */
    public static void main(String[] args) throws Exception {
        FeaturesMain given = CommandLine.populateCommand(new FeaturesMain(), args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        given.build(environment);
        environment.executeAsync(AggregateJob.NAME);
    }

    private void build(StreamExecutionEnvironment environment)
            throws IOException, DeploymentException, InterruptedException {
        PipelineSpec pipeline = options.pipeline();
        if (!AggregateJob.isNeeded(pipeline)) {
            throw new IllegalArgumentException(new Problem(
                            options.spec() + ": features",
                            "none",
                            "at least one feature: without any this job has nothing to do")
                    .toString());
        }
        KafkaSettings kafka = options.kafka();
        PartAccess.check(kafka, Part.FEATURES);
        Duration retention = TopicPlan.retention(
                pipeline.feedback().window(), pipeline.feedback().late());
        new TopicCheck(Part.FEATURES, retention, Duration.ZERO).run(kafka);
        Clock clock = Clock.systemUTC();
        Begun begun = history(kafka, clock);
        SchemaTopic.publish(kafka);
        JoinJobSettings settings = JoinJobSettings.defaults()
                .withParallelism(options.parallelism())
                .withCheckpointInterval(Duration.ofMillis(checkpointMillis))
                .withTransactionalIdPrefix(Part.featuresGroup(kafka));
        JoinJob.configure(environment, settings);
        AggregateJob.build(environment, kafka, pipeline, begun.history(), begun.beginning(), settings, clock);
    }

    /** What the job begins with, where it has no checkpoint to go on from, and what is asked then. */
    record Begun(@Nullable History history, HistorySource.Beginning beginning) {}

    private Begun history(KafkaSettings kafka, Clock clock) {
        if (history == null && to == null) {
            return new Begun(null, () -> {});
        }
        if (history == null || to == null) {
            throw new IllegalArgumentException(
                    Problem.missing(history == null ? "--history" : "--to", "both or none of --history and --to")
                            .toString());
        }
        Instant until = until(to, clock);
        return allowGap
                ? begin(history, until, begun -> {})
                : begin(history, until, begun -> Handover.check(kafka, begun));
    }

    private static Instant until(String to, Clock clock) {
        Instant until;
        try {
            until = OffsetDateTime.parse(to).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    new Problem("--to", to, "RFC 3339 like 2026-01-01T00:00:00Z").toString(), e);
        }
        Instant now = clock.instant();
        if (until.isAfter(now)) {
            throw new IllegalArgumentException(new Problem("--to", to, "not in the future; it is " + now).toString());
        }
        return until;
    }

    /** Looks whether topics go on where a history ends. */
    interface TopicsCheck extends Serializable {
        void check(History history) throws IOException;
    }

    /**
     * This program runs again when a job manager is restarted. The job goes on from its checkpoint then, and the files may be gone and topics
     * have moved on: what is wrong with them is told where a job begins.
     */
    static Begun begin(String directory, Instant until, TopicsCheck topics) {
        try {
            History found = History.in(directory, until);
            return new Begun(found, () -> topics.check(found));
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            LOG.warn("A job without a checkpoint cannot begin: {}", reason);
            return new Begun(new History(List.of(), until, Set.of()), () -> {
                throw new IOException(reason);
            });
        }
    }
}
