package io.millrace.trainer.job;

import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A mini cluster that runs one learning job at a time, with checkpoints in a directory. */
final class LearnCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path checkpoints;
    private final Configuration configuration = new Configuration();
    private final MiniCluster cluster;
    private JobID job;
    private int killed;

    LearnCluster(Path checkpoints, String stateBackend) throws Exception {
        this(checkpoints, stateBackend, 1);
    }

    LearnCluster(Path checkpoints, String stateBackend, int taskManagers) throws Exception {
        this.checkpoints = checkpoints;
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(StateBackendOptions.STATE_BACKEND, stateBackend);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 50);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(taskManagers)
                .setNumSlotsPerTaskManager(4)
                .build());
        cluster.start();
    }

    void submit(
            KafkaSettings kafka,
            LearnJobSettings settings,
            int parallelism,
            Optional<Path> from,
            UnaryOperator<DataStream<LogBlock>> tap)
            throws Exception {
        submit(settings, parallelism, from, env -> LearnJob.build(env, kafka, settings, tap));
    }

    void submit(
            LearnJobSettings settings, int parallelism, Optional<Path> from, Consumer<StreamExecutionEnvironment> build)
            throws Exception {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        LearnJob.configure(env, settings);
        build.accept(env);
        StreamGraph graph = env.getStreamGraph();
        from.ifPresent(path -> graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(path.toUri().toString())));
        job = cluster.submitJob(graph).get().getJobID();
    }

    JobStatus status() throws Exception {
        return cluster.getJobStatus(job).get();
    }

    int restarts() throws Exception {
        return Math.toIntExact(cluster.getExecutionGraph(job)
                .get()
                .getAllVertices()
                .values()
                .iterator()
                .next()
                .getTaskVertices()[0]
                .getCurrentExecutionAttempt()
                .getAttemptNumber());
    }

    void cancel() throws Exception {
        cluster.cancelJob(job).get();
        await("the job's end", () -> {
            try {
                return status().isGloballyTerminalState();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Stops the job as an upgrade does, and leaves its savepoint in the canonical format in a directory. */
    void stop(Path directory) throws Exception {
        cluster.stopWithSavepoint(job, directory.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get();
        cluster.requestJobResult(job).get();
    }

    /** Ends the oldest task manager, with all that it holds in memory, and starts another. */
    void killTaskManager() throws Exception {
        cluster.terminateTaskManager(killed++).get();
        cluster.startTaskManager();
    }

    /** The newest complete checkpoint of the job. */
    Optional<Path> newestCheckpoint() {
        Path directory = checkpoints.resolve(job.toString());
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> Files.exists(child.resolve("_metadata")))
                    .max(Comparator.comparingInt(child ->
                            Integer.parseInt(child.getFileName().toString().substring("chk-".length()))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until a checkpoint is complete that began after this call. */
    void awaitNewCheckpoint() throws InterruptedException {
        Optional<Path> before = newestCheckpoint();
        await("a checkpoint", () -> !newestCheckpoint().equals(before));
        Optional<Path> first = newestCheckpoint();
        await("a checkpoint", () -> !newestCheckpoint().equals(first));
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not there (expected: within " + PATIENCE + ")");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        cluster.closeAsync().join();
    }
}
