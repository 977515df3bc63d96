package io.millrace.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.features.job.AggregateJob;
import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.Checkpoints;
import io.millrace.local.JobIds;
import io.millrace.local.StartControl;
import io.millrace.local.StartException;
import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.trainer.job.LearnJob;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import io.millrace.wire.kafka.Part;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The jobs of a cluster, by Flink's own client. One thread submits; what asks may be called by any, also meanwhile: nothing is kept
 * here that changes.
 */
final class FlinkJobs {
    static final String JOIN = "millrace-join";

    /** Each costs a transaction with three copies and an entry in ZooKeeper, and ten processes share a machine. */
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Set<String> OVER = Set.of("CANCELED", "FAILED", "FINISHED", "CANCELLING", "FAILING");

    private final ClusterDirectory directory;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ObjectMapper json = new ObjectMapper();

    /** A job as its manager tells it. */
    record Job(String name, String state) {}

    FlinkJobs(ClusterDirectory directory) {
        this.directory = directory;
    }

    /** The task managers that are registered, by their names, and when each was last heard of. */
    Map<String, Instant> taskManagers() throws IOException, InterruptedException {
        Map<String, Instant> heard = new TreeMap<>();
        // The field is called what it was once meant to be; it holds a time, not an age.
        get("/taskmanagers")
                .path("taskmanagers")
                .forEach(found -> heard.put(
                        found.path("id").asText(),
                        Instant.ofEpochMilli(
                                found.path("timeSinceLastHeartbeat").asLong())));
        return heard;
    }

    /** All jobs that are known, by id; empty where the manager is not ready to tell. */
    Map<JobID, Job> all() throws IOException, InterruptedException {
        Map<JobID, Job> jobs = new TreeMap<>();
        get("/jobs/overview")
                .path("jobs")
                .forEach(found -> jobs.put(
                        JobID.fromHexString(found.path("jid").asText()),
                        new Job(found.path("name").asText(), found.path("state").asText())));
        return jobs;
    }

    /** Whether every task of the pipeline's jobs runs. */
    boolean areRunning() throws IOException, InterruptedException {
        Set<String> running = new HashSet<>();
        Set<String> failed = new HashSet<>();
        for (JsonNode found : get("/jobs/overview").path("jobs")) {
            JsonNode tasks = found.path("tasks");
            String name = found.path("name").asText();
            String state = found.path("state").asText();
            if (state.equals("RUNNING")
                    && tasks.path("running").asInt() == tasks.path("total").asInt()) {
                running.add(name);
            } else if (state.equals("FAILED")) {
                failed.add(name);
            } else if (!OVER.contains(state)) {
                return false;
            }
        }
        return running.size() >= 2 && (running.contains(AggregateJob.NAME) || !failed.contains(AggregateJob.NAME));
    }

    /**
     * Has a start's jobs run, of a new cluster the first ones.
     *
     * @throws StartException if the live model learns by another spec
     */
    void submit(PipelineSpec spec, KafkaSettings kafka, Sabotage sabotage) throws Exception {
        LearnJobSettings given = LearnJobSettings.lookUp(kafka, spec, directory.store())
                .withSpecText(Files.readString(directory.specFile()));
        ModelControl control =
                StartControl.ensure(kafka, given, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        settle(spec, kafka, control, sabotage);
    }

    /**
     * Has the jobs be those that the operator wants. By which specs models learn is in what the operator wants; the cluster's own
     * is that of serving and the join.
     *
     * @throws StartException if the operator was never asked
     */
    void settle(PipelineSpec spec, KafkaSettings kafka) throws Exception {
        ModelControl control = ModelControls.read(kafka, spec.pipeline())
                .orElseThrow(() -> new StartException(Problem.missing(
                                "model-control of " + spec.pipeline(), "what a 'millrace cluster up' has written")
                        .toString()));
        settle(spec, kafka, control, Sabotage.NONE);
    }

    /**
     * Has the join run, and a learning job for each lineage that the operator wants learned, each from its newest checkpoint, and
     * no others.
     */
    private void settle(PipelineSpec spec, KafkaSettings kafka, ModelControl control, Sabotage sabotage)
            throws Exception {
        Map<String, LearnJobSettings> learn = new TreeMap<>();
        for (LineagePlan plan : control.getLineages()) {
            LearnJobSettings sound = Plans.settings(plan, kafka, directory.store());
            learn.put(
                    LearnJob.NAME + "-" + plan.getLineage(),
                    sabotage == Sabotage.OFFSETS ? sound.withRestoreTooEarly() : sound);
        }
        for (Map.Entry<JobID, Job> job : all().entrySet()) {
            if (!job.getValue().name().equals(JOIN)
                    && !job.getValue().name().equals(AggregateJob.NAME)
                    && !learn.containsKey(job.getValue().name())
                    && !OVER.contains(job.getValue().state())) {
                cancel(job.getKey());
            }
        }
        if (!isThere(JOIN)) {
            StreamExecutionEnvironment environment = environment();
            JoinJobSettings inTransactions = JoinJobSettings.defaults()
                    .withCheckpointInterval(COMMIT_INTERVAL)
                    .withTransactionalIdPrefix(Part.transactionalIdPrefix(kafka));
            JoinJobSettings joinSettings =
                    sabotage == Sabotage.TRANSACTIONS ? inTransactions.withoutTransactions() : inTransactions;
            JoinJob.configure(environment, joinSettings);
            JoinJob.build(environment, kafka, spec.feedback(), joinSettings, Clock.systemUTC());
            submit(JOIN, environment);
        }
        if (AggregateJob.isNeeded(spec) && !isThere(AggregateJob.NAME)) {
            StreamExecutionEnvironment environment = environment();
            JoinJobSettings settings = JoinJobSettings.defaults()
                    .withCheckpointInterval(COMMIT_INTERVAL)
                    .withTransactionalIdPrefix(Part.featuresGroup(kafka));
            JoinJob.configure(environment, settings);
            AggregateJob.build(environment, kafka, spec, settings, Clock.systemUTC());
            submit(AggregateJob.NAME, environment);
        }
        for (Map.Entry<String, LearnJobSettings> job : learn.entrySet()) {
            if (!isThere(job.getKey())) {
                StreamExecutionEnvironment environment = environment();
                LearnJob.configure(environment, job.getValue());
                LearnJob.build(environment, kafka, job.getValue());
                submit(job.getKey(), environment);
            }
        }
    }

    private static StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        environment.setParallelism(1);
        return environment;
    }

    private boolean isThere(String name) throws IOException, InterruptedException {
        Job found = all().get(JobIds.of(name));
        return found != null && !OVER.contains(found.state());
    }

    private void submit(String name, StreamExecutionEnvironment environment) throws Exception {
        StreamGraph stream = environment.getStreamGraph();
        stream.setJobName(name);
        JobGraph graph = stream.getJobGraph();
        JobID id = JobIds.of(name);
        graph.setJobID(id);
        Optional<Path> newest = Checkpoints.newest(directory.checkpoints().resolve(id.toHexString()));
        newest.ifPresent(path -> graph.setSavepointRestoreSettings(
                SavepointRestoreSettings.forPath(path.toUri().toString(), false, RecoveryClaimMode.CLAIM)));
        try (RestClusterClient<StandaloneClusterId> client = client()) {
            client.submitJob(graph).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "job " + name + " was refused: " + e.getCause().getMessage(), e);
        }
    }

    private void cancel(JobID id) throws Exception {
        try (RestClusterClient<StandaloneClusterId> client = client()) {
            client.cancel(id).get();
        }
    }

    private RestClusterClient<StandaloneClusterId> client() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.PORT, directory.plan().rest());
        return new RestClusterClient<>(configuration, StandaloneClusterId.getInstance());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + directory.plan().rest() + path))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() == 200 ? json.readTree(response.body()) : json.createObjectNode();
    }
}
