package io.millrace.local;

import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.job.history.HistoryJob;
import io.millrace.features.job.history.HistoryMain;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Who writes the history, with a Flink of its own in this process. Start and close from one thread. */
public final class HistoryPart {
    private HistoryPart() {}

    /**
     * Starts it, from its last checkpoint if it has one.
     *
     * @param files where the history goes
     * @param checkpoints the part's own directory: how far it is
     * @param interval how often files are finished
     * @param ended is told if the job ends by itself
     * @throws DeploymentException if the brokers do not let it in, or not do all that it does, or its topics would lose records
     */
    public static AutoCloseable start(
            PipelineSpec spec,
            KafkaSettings kafka,
            URI files,
            Path checkpoints,
            Duration interval,
            Consumer<String> ended)
            throws Exception {
        Files.createDirectories(checkpoints);
        FlinkCluster flink = FlinkCluster.start(checkpoints);
        try {
            submit(flink, spec, kafka, files, interval, ended);
            return flink;
        } catch (Exception e) {
            flink.close();
            throw e;
        }
    }

    /** The same on a Flink that is there. */
    public static void submit(
            FlinkCluster flink,
            PipelineSpec spec,
            KafkaSettings kafka,
            URI files,
            Duration interval,
            Consumer<String> ended)
            throws DeploymentException, IOException, InterruptedException {
        StreamExecutionEnvironment environment = flink.environment();
        HistoryMain.build(
                environment, kafka, spec, files, JoinJobSettings.defaults().withCheckpointInterval(interval));
        flink.submit(HistoryJob.NAME, environment);
        flink.watch(HistoryJob.NAME, ended);
    }
}
