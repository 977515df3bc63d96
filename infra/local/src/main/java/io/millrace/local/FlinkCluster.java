package io.millrace.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink in this process. A job keeps its id over restarts of the process, so that its checkpoints lie where its last run
 * left them; it goes on from the newest.
 */
public final class FlinkCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlinkCluster.class);
    private static final int SLOTS = 6;
    private static final int RETAINED = 3;
    /** Of the buffers between tasks; whoever waits for one is woken for each: a few times a megabyte instead of 32 times. */
    private static final MemorySize SEGMENT = MemorySize.ofMebiBytes(1).divide(4);

    /**
     * Of all state that is in memory, taken as it is needed. All jobs share it: an equal part for each slot would be too small for the index of
     * one job's files, which would then be read from disk with every record.
     */
    private static final MemorySize STATE = MemorySize.ofMebiBytes(512);

    private static final int RESTARTS = 10;
    private static final Duration RESTART_INTERVAL = Duration.ofMinutes(5);
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
    private static final long STOP_SECONDS = 20;

    private final MiniCluster cluster;
    private final Path checkpoints;
    private final Map<String, JobID> jobs = new ConcurrentSkipListMap<>();

    private FlinkCluster(MiniCluster cluster, Path checkpoints) {
        this.cluster = cluster;
        this.checkpoints = checkpoints;
    }

    /**
     * Starts it.
     *
     * @param checkpoints where jobs leave their checkpoints
     */
    public static FlinkCluster start(Path checkpoints) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.PORT, 0);
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RocksDBOptions.USE_MANAGED_MEMORY, false);
        configuration.set(RocksDBOptions.FIX_PER_TM_MEMORY_SIZE, STATE);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
        configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, SEGMENT);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
        cluster.start();
        return new FlinkCluster(cluster, checkpoints);
    }

    /** What a job is built in; its state is kept in RocksDB, its checkpoints go to the cluster's directory. */
    public StreamExecutionEnvironment environment() {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "failure-rate");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL, RESTARTS);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL, RESTART_INTERVAL);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FAILURE_RATE_DELAY, RESTART_DELAY);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(1);
        return environment;
    }

    /** Submits the job of that name, from its newest checkpoint if it has one; returns whether it has. */
    public boolean submit(String name, StreamExecutionEnvironment environment)
            throws IOException, InterruptedException {
        JobGraph graph = environment.getStreamGraph().getJobGraph();
        JobID id = JobIds.of(name);
        graph.setJobID(id);
        Optional<Path> newest = Checkpoints.newest(checkpoints.resolve(id.toHexString()));
        newest.ifPresent(path -> graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(path.toUri().toString(), false, RecoveryClaimMode.CLAIM)));
        try {
            cluster.submitJob(graph).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "job " + name + " was refused: " + e.getCause().getMessage(), e);
        }
        jobs.put(name, id);
        return newest.isPresent();
    }

    /** Ends the job of that name, if it is here; its checkpoints stay. */
    void cancel(String name) throws InterruptedException, TimeoutException {
        JobID id = jobs.remove(name);
        if (id == null) {
            return;
        }
        try {
            cluster.cancelJob(id).get(STOP_SECONDS, TimeUnit.SECONDS);
            cluster.requestJobResult(id).get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            LOG.warn("job {}: {} (expected: to end)", name, root(e).getMessage());
        }
    }

    /** Where a job's state is, and what it counted since it last started, by name. */
    public record Stopped(Path state, Map<String, Long> counts) {}

    /**
     * Stops the job of that name with what it has read so far, and leaves its state.
     *
     * @param directory in which the state gets a directory of its own, to be moved at will
     */
    public Stopped stop(String name, Path directory) throws ExecutionException, InterruptedException {
        JobID id = jobs.remove(name);
        String state = cluster.stopWithSavepoint(id, directory.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get();
        Map<String, Long> counts = new TreeMap<>();
        cluster.requestJobResult(id).get().getAccumulatorResults().forEach((counted, value) -> {
            try {
                if (value.deserializeValue(getClass().getClassLoader()).getUnchecked() instanceof Long count) {
                    counts.put(counted, count);
                }
            } catch (IOException | ClassNotFoundException e) {
                LOG.warn("{} of job {} cannot be read", counted, name, e);
            }
        });
        return new Stopped(Path.of(URI.create(state)), counts);
    }

    /** Has a job's end told, by its name and the reason, unless it is cancelled here. */
    public void watch(String name, Consumer<String> ended) {
        JobID id = jobs.get(name);
        if (id == null) {
            return;
        }
        cluster.requestJobResult(id).whenComplete((result, failure) -> {
            if (!jobs.containsKey(name)) {
                return;
            }
            if (failure != null) {
                ended.accept("job " + name + " cannot be reached: " + failure.getMessage());
            } else if (result.getSerializedThrowable().isPresent()) {
                ended.accept("job " + name + " failed: "
                        + root(result.getSerializedThrowable().get()).getMessage());
            }
        });
    }

    /** The number of the newest complete checkpoint of the job of that name: how many there have been, if none failed. */
    public long checkpoints(String name) throws IOException {
        return Checkpoints.newest(checkpoints.resolve(JobIds.of(name).toHexString()))
                .map(Checkpoints::number)
                .orElse(0L);
    }

    /** Whether the job of that name runs. */
    boolean isRunning(String name) throws InterruptedException {
        JobID id = jobs.get(name);
        try {
            return id != null && cluster.getJobStatus(id).get() == JobStatus.RUNNING;
        } catch (ExecutionException e) {
            return false;
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Stops the jobs; their checkpoints stay. */
    @Override
    public void close() {
        try {
            for (JobID id : jobs.values()) {
                cluster.cancelJob(id).get(STOP_SECONDS, TimeUnit.SECONDS);
            }
            cluster.closeAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Flink did not stop: " + e.getMessage(), e);
        }
    }
}
