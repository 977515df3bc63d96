package io.millrace.features.job;

import io.millrace.features.job.backfill.History;
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
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
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
        History begun = history();
        if (begun != null && !allowGap) {
            Handover.check(kafka, begun);
        }
        SchemaTopic.publish(kafka);
        JoinJobSettings settings = JoinJobSettings.defaults()
                .withParallelism(options.parallelism())
                .withCheckpointInterval(Duration.ofMillis(checkpointMillis))
                .withTransactionalIdPrefix(Part.featuresGroup(kafka));
        JoinJob.configure(environment, settings);
        AggregateJob.build(environment, kafka, pipeline, begun, settings, Clock.systemUTC());
    }

    private @Nullable History history() throws IOException {
        if (history == null && to == null) {
            return null;
        }
        if (history == null || to == null) {
            throw new IllegalArgumentException(
                    Problem.missing(history == null ? "--history" : "--to", "both or none of --history and --to")
                            .toString());
        }
        try {
            return History.in(history, OffsetDateTime.parse(to).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    new Problem("--to", to, "RFC 3339 like 2026-01-01T00:00:00Z").toString(), e);
        }
    }
}
