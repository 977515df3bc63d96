package io.millrace.features.job;

import io.millrace.features.spec.PipelineSpec;
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
 * The join as a program that Flink runs: {@code flink run millrace-join.jar --spec movies.yaml --config millrace.properties}.
 * Where checkpoints go and how often the job restarts is said in Flink's own configuration.
 */
@Command(name = "millrace-join", description = "Joins decisions and feedback into examples.")
public final class JoinMain {
    @Mixin
    private JobOptions options;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Milliseconds; examples become visible with a checkpoint.")
    private int checkpointMillis;

    @Option(
            names = "--transaction-timeout",
            paramLabel = "MS",
            defaultValue = "86400000",
            description = {
                "Milliseconds that a transaction stays open for a job that is down: a day, unless told.",
                "A job that is down for longer loses what it had written last. At most the brokers' transaction.max.timeout.ms."
            })
    private int transactionMillis;

    private JoinMain() {}

    /** Builds the job and hands it to the cluster that the program was started for. */
    public static void main(String[] args) throws Exception {
        JoinMain given = CommandLine.populateCommand(new JoinMain(), args);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        given.build(environment);
        environment.executeAsync("millrace-join");
    }

    private void build(StreamExecutionEnvironment environment)
            throws IOException, DeploymentException, InterruptedException {
        PipelineSpec pipeline = options.pipeline();
        KafkaSettings kafka = options.kafka();
        PartAccess.check(kafka, Part.JOIN);
        Duration transactions = Duration.ofMillis(transactionMillis);
        new TopicCheck(
                        Part.JOIN,
                        TopicPlan.retention(
                                pipeline.feedback().window(),
                                pipeline.feedback().late()),
                        transactions)
                .run(kafka);
        SchemaTopic.publish(kafka);
        JoinJobSettings settings = JoinJobSettings.defaults()
                .withParallelism(options.parallelism())
                .withCheckpointInterval(Duration.ofMillis(checkpointMillis))
                .withTransactionTimeout(transactions)
                .withTransactionalIdPrefix(Part.transactionalIdPrefix(kafka));
        JoinJob.configure(environment, settings);
        JoinJob.build(environment, kafka, pipeline.feedback(), settings, Clock.systemUTC());
    }
}
