package io.millrace.features.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process that runs one job, and loses it on demand. */
final class TestingFlink implements AutoCloseable {
    private static final JobID JOB = new JobID(1, 2);

    private final Path checkpoints = Files.createTempDirectory("millrace-checkpoints");
    private final Consumer<StreamExecutionEnvironment> builder;
    private MiniCluster cluster;

    TestingFlink(Consumer<StreamExecutionEnvironment> builder) throws Exception {
        this.builder = builder;
        this.cluster = startCluster();
    }

    private static MiniCluster startCluster() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
        cluster.start();
        return cluster;
    }

    /** Submits the job, from its newest checkpoint if it has one. */
    void submit() throws Exception {
        submit(newestCheckpoint());
    }

    /** Submits the job, from there. */
    void submit(Optional<Path> from) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        builder.accept(environment);
        JobGraph graph = environment.getStreamGraph().getJobGraph();
        graph.setJobID(JOB);
        from.ifPresent(path -> graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(path.toUri().toString(), false, RecoveryClaimMode.NO_CLAIM)));
        cluster.submitJob(graph).get();
    }

    /** Runs another job, bounded, from a savepoint, to its end; what of the savepoint it does not know, it passes over. */
    void run(StreamExecutionEnvironment environment, Path savepoint) throws Exception {
        JobGraph graph = environment.getStreamGraph().getJobGraph();
        graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(savepoint.toUri().toString(), true, RecoveryClaimMode.NO_CLAIM));
        cluster.submitJob(graph).get();
        cluster.requestJobResult(graph.getJobID())
                .get()
                .toJobExecutionResult(getClass().getClassLoader());
    }

    /** Stops the job as an upgrade does, and leaves its savepoint in the canonical format in a directory. */
    void stop(Path directory) throws Exception {
        cluster.stopWithSavepoint(JOB, directory.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get();
        cluster.requestJobResult(JOB).get();
    }

    /** Cancels the job without a savepoint, and goes on from its last checkpoint in another cluster. */
    void restart() throws Exception {
        cluster.cancelJob(JOB).get();
        cluster.requestJobResult(JOB).get();
        cluster.closeAsync().join();
        cluster = startCluster();
        submit();
    }

    /** Kills the task manager and starts another: the job restarts by itself. */
    void loseTaskManager() throws Exception {
        cluster.terminateTaskManager(0).get();
        cluster.startTaskManager();
    }

    boolean hasCheckpoint() throws IOException {
        return newestCheckpoint().isPresent();
    }

    private Optional<Path> newestCheckpoint() throws IOException {
        Path directory = checkpoints.resolve(JOB.toHexString());
        if (!Files.exists(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.exists(entry.resolve("_metadata")))
                    .max(Comparator.comparingLong(entry ->
                            Long.parseLong(entry.getFileName().toString().substring(4))));
        }
    }

    @Override
    public void close() throws IOException {
        cluster.closeAsync().join();
        try (Stream<Path> files = Files.walk(checkpoints)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
