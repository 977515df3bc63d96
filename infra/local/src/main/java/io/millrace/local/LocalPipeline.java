package io.millrace.local;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.features.job.AggregateJob;
import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.job.history.HistoryJob;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.collect.CollectorApp;
import io.millrace.record.ModelControl;
import io.millrace.serving.ServingApp;
import io.millrace.serving.model.ServedModel;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole loop in this process: broker, jobs, serving, collector and the readers of sources. Its parts meet only through the broker's topics and the
 * directory's files, as they would if each had a process of its own. Safe for use by several threads.
 */
public final class LocalPipeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPipeline.class);
    private static final String JOIN = "millrace-join";
    private static final long READY_NANOS = 120_000_000_000L;
    private static final long LOOK_AGAIN_NANOS = 20_000_000L;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final LoopbackPorts ports;
    private final KafkaSettings kafka;
    private final ServingApp serving;
    private final FlinkCluster flink;
    private final Consumer<String> loudly;

    private LocalPipeline(
            PipelineSpec spec,
            String yaml,
            SourceFiles files,
            DataDirectory directory,
            LoopbackPorts ports,
            Consumer<String> tell)
            throws Exception {
        this.ports = ports;
        try {
            EmbeddedBroker broker = opened(directory.startBroker(ports));
            this.kafka = KafkaSettings.of(broker.bootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(kafka)) {
                admin.createMissing(new TopicPlan(
                        1,
                        (short) 1,
                        TopicPlan.retention(
                                spec.feedback().window(), spec.feedback().late())));
            }
            SchemaTopic.publish(kafka);
            ModelControl control = control(spec, yaml, directory);
            Files.createDirectories(directory.models());
            this.flink = opened(FlinkCluster.start(directory.checkpoints()));
            submitJoin(flink, spec);
            this.loudly = reason -> {
                LOG.error("{}", reason);
                tell.accept("millrace: " + reason);
            };
            flink.watch(JOIN, loudly);
            if (AggregateJob.isNeeded(spec)) {
                submitFeatures(flink, spec);
                flink.watch(AggregateJob.NAME, loudly);
            }
            Learning learning =
                    opened(new Learning(flink, kafka, directory.models().toUri(), loudly));
            learning.begin(control);
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            this.serving = opened(ServingApp.start(
                    spec,
                    kafka,
                    SnapshotStore.of(directory.models().toUri()),
                    directory.secret(),
                    Clock.systemUTC(),
                    registry));
            CollectorApp collector =
                    opened(CollectorApp.start(kafka, spec.feedback().match(), Clock.systemUTC(), registry));
            SourceTopics.createMissing(kafka, spec.sources(), (short) 1);
            opened(files.start(spec, kafka, registry));
            Server server = server(collector);
            server.start().join();
            opened(server);
            awaitReady(flink, spec, Learning.name(Objects.requireNonNull(control.getLive())));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything and returns when the first decision can be made with a model.
     *
     * @param yaml the spec as its author wrote it
     * @param files what sources need beside the spec
     * @param tell is told, in one sentence each, what a person at the terminal should know
     */
    public static LocalPipeline start(
            PipelineSpec spec,
            String yaml,
            SourceFiles files,
            DataDirectory directory,
            LoopbackPorts ports,
            Consumer<String> tell)
            throws Exception {
        return new LocalPipeline(spec, yaml, files, directory, ports, tell);
    }

    /** Where serving and the collector answer. */
    public URI http() {
        return URI.create("http://127.0.0.1:" + ports.http());
    }

    public String bootstrapServers() {
        return kafka.client().get("bootstrap.servers");
    }

    public KafkaSettings kafka() {
        return kafka;
    }

    /** The model version that decides now. */
    public ModelSnapshot model() {
        return serving.model().map(ServedModel::snapshot).orElseThrow();
    }

    /** Has what is logged written to Parquet files from now on, what was logged before among it. */
    public void writeHistory(PipelineSpec spec, URI directory)
            throws DeploymentException, IOException, InterruptedException {
        HistoryPart.submit(flink, spec, kafka, directory, HistoryJob.INTERVAL, loudly);
    }

    private void submitJoin(FlinkCluster flink, PipelineSpec spec) throws Exception {
        StreamExecutionEnvironment join = flink.environment();
        JoinJobSettings settings = JoinJobSettings.defaults();
        JoinJob.configure(join, settings);
        JoinJob.build(join, kafka, spec.feedback(), settings, Clock.systemUTC());
        flink.submit(JOIN, join);
    }

    private void submitFeatures(FlinkCluster flink, PipelineSpec spec) throws Exception {
        StreamExecutionEnvironment features = flink.environment();
        JoinJobSettings settings = JoinJobSettings.defaults().withTransactionalIdPrefix(Part.featuresGroup(kafka));
        JoinJob.configure(features, settings);
        AggregateJob.build(features, kafka, spec, settings, Clock.systemUTC());
        flink.submit(AggregateJob.NAME, features);
    }

    /** What the spec alone gives, and what of it the operator has chosen to be live. */
    private ModelControl control(PipelineSpec spec, String yaml, DataDirectory directory) throws Exception {
        LearnJobSettings fromNothing =
                LearnJobSettings.lookUp(kafka, spec, directory.models().toUri()).withSpecText(yaml);
        LearnJobSettings given =
                ModelImport.root(directory).map(fromNothing::withRoot).orElse(fromNothing);
        return StartControl.ensure(kafka, given, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    }

    private Server server(CollectorApp collector) {
        ServerBuilder builder = Server.builder().http(new InetSocketAddress("127.0.0.1", ports.http()));
        serving.mount(builder);
        collector.mount(builder);
        return builder.build();
    }

    private void awaitReady(FlinkCluster flink, PipelineSpec spec, String learn) throws InterruptedException {
        long end = System.nanoTime() + READY_NANOS;
        while (!serving.isReady()
                || !flink.isRunning(JOIN)
                || !flink.isRunning(learn)
                || AggregateJob.isNeeded(spec) && !flink.isRunning(AggregateJob.NAME)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no model after 120 s (expected: the jobs to start; see the log)");
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Stops everything, last first. What was acknowledged is kept. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }
}
