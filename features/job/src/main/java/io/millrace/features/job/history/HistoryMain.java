package io.millrace.features.job.history;

import io.millrace.features.job.JobOptions;
import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicCheck;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The history as a program that Flink runs: {@code flink run -c io.millrace.features.job.history.HistoryMain millrace-join.jar
 * --spec movies.yaml --config millrace.properties --to s3://bucket/history}. Where checkpoints go and how often the job restarts is
 * said in Flink's own configuration, and so is how it gets at {@code s3}.
 */
@Command(name = "millrace-history", description = "Writes what is logged to Parquet files.")
public final class HistoryMain {
    @Mixin
    private JobOptions options;

    @Option(names = "--to", required = true, paramLabel = "URI", description = "Where files go.")
    private URI directory;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "MS",
            defaultValue = "60000",
            description = "Milliseconds; files are finished as often.")
    private int checkpointMillis;

    private HistoryMain() {}

    /** Builds the job and hands it to the cluster that the program was started for. */
    public static void main(String[] args) throws Exception {
        HistoryMain given = CommandLine.populateCommand(new HistoryMain(), args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        JoinJobSettings settings = JoinJobSettings.defaults()
                .withParallelism(given.options.parallelism())
                .withCheckpointInterval(Duration.ofMillis(given.checkpointMillis));
        build(environment, given.options.kafka(), given.options.pipeline(), given.directory, settings);
        environment.executeAsync(HistoryJob.NAME);
    }

    /**
     * Adds the job to an environment, if the brokers are as they should be.
     *
     * @throws DeploymentException if they do not let it in, or not do all that it does, or its topics would lose records
     */
    public static void build(
            StreamExecutionEnvironment environment,
            KafkaSettings kafka,
            PipelineSpec pipeline,
            URI directory,
            JoinJobSettings given)
            throws IOException, DeploymentException, InterruptedException {
        PartAccess.check(kafka, Part.HISTORY);
        Duration retention = TopicPlan.retention(
                pipeline.feedback().window(), pipeline.feedback().late());
        new TopicCheck(Part.HISTORY, retention, Duration.ZERO).run(kafka);
        SchemaTopic.publish(kafka);
        JoinJobSettings settings = given.withTransactionalIdPrefix(Part.historyGroup(kafka));
        JoinJob.configure(environment, settings);
        HistoryJob.build(environment, kafka, pipeline, directory, settings, Clock.systemUTC());
    }
}
