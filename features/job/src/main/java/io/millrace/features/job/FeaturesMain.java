package io.millrace.features.job;

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
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
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
        SchemaTopic.publish(kafka);
        JoinJobSettings settings = JoinJobSettings.defaults()
                .withParallelism(options.parallelism())
                .withCheckpointInterval(Duration.ofMillis(checkpointMillis))
                .withTransactionalIdPrefix(Part.featuresGroup(kafka));
        JoinJob.configure(environment, settings);
        AggregateJob.build(environment, kafka, pipeline, settings, Clock.systemUTC());
    }
}
