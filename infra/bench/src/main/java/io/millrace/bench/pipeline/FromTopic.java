package io.millrace.bench.pipeline;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.FlinkCluster;
import io.millrace.record.Delta;
import io.millrace.trainer.job.LearnJob;
import io.millrace.trainer.job.LearnJobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The learning job as {@code millrace up} runs it, from the topic's beginning until the version that knows all examples. */
final class FromTopic implements Entrant {
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final String setting;
    private final PipelineSpec spec;
    private final Workplace workplace;
    private final int examples;
    private final Duration checkpointInterval;

    FromTopic(String setting, PipelineSpec spec, Workplace workplace, int examples, Duration checkpointInterval) {
        this.setting = setting;
        this.spec = spec;
        this.workplace = workplace;
        this.examples = examples;
        this.checkpointInterval = checkpointInterval;
    }

    @Override
    public String way() {
        return "millrace, topic to weights";
    }

    @Override
    public String setting() {
        return setting;
    }

    @Override
    public String timed() {
        return "broker, consumer, reading each Avro record, predicting, learning, checkpoints, versions published and read";
    }

    @Override
    public Lap run() throws IOException, InterruptedException {
        Path directory = workplace.directory("job");
        Path models = Files.createDirectory(directory.resolve("models"));
        LearnJobSettings settings = LearnJobSettings.lookUp(workplace.kafka(), spec, models.toUri())
                .withCheckpointInterval(checkpointInterval);
        try (Versions versions = new Versions(workplace.kafka())) {
            System.gc();
            Timeline timeline = new Timeline(System.nanoTime());
            try (FlinkCluster flink = started(directory.resolve("checkpoints"))) {
                StreamExecutionEnvironment environment = flink.environment();
                LearnJob.configure(environment, settings);
                LearnJob.build(environment, workplace.kafka(), settings);
                flink.submit(LearnJob.NAME, environment);
                Queue<String> failures = new ConcurrentLinkedQueue<>();
                flink.watch(LearnJob.NAME, failures::add);
                String digest = follow(versions, timeline, failures);
                return timeline.lap(flink.checkpoints(LearnJob.NAME), digest);
            }
        }
    }

    /** Returns the digest of the version that knows everything. */
    private String follow(Versions versions, Timeline timeline, Queue<String> failures) {
        long seen = System.nanoTime();
        while (true) {
            for (Delta version : versions.read()) {
                seen = System.nanoTime();
                timeline.add(version.getExamples(), seen, ProcessorTime.seconds());
                if (version.getExamples() == examples) {
                    return version.getDigest();
                }
            }
            if (!failures.isEmpty()) {
                throw new IllegalStateException(failures.peek());
            }
            if (System.nanoTime() - seen > PATIENCE_NANOS) {
                throw new IllegalStateException("no version for 120 s (expected: one that knows all examples)");
            }
        }
    }

    private static FlinkCluster started(Path checkpoints) throws InterruptedException {
        try {
            return FlinkCluster.start(checkpoints);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Flink did not start: " + e.getMessage(), e);
        }
    }
}
