package io.millrace.serving;

import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.serving.feature.FeatureFollower;
import io.millrace.serving.http.JsonErrors;
import io.millrace.serving.http.ModelHttp;
import io.millrace.serving.http.RankHttp;
import io.millrace.serving.http.StatusHttp;
import io.millrace.serving.model.ModelFollower;
import io.millrace.serving.model.ModelNotReadyException;
import io.millrace.serving.model.ServedModel;
import io.millrace.serving.policy.Draws;
import io.millrace.serving.popularity.OutcomeFollower;
import io.millrace.serving.popularity.RewardRates;
import io.millrace.serving.rank.LogProducer;
import io.millrace.serving.rank.RankMetrics;
import io.millrace.serving.rank.Ranker;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serving of one pipeline: follows the model and the outcomes, and answers rank requests over HTTP once it is mounted on a
 * server.
 *
 * <p>Topics must exist. Safe for use by several threads; {@link #close} is called once, after the server has stopped.
 */
public final class ServingApp implements AutoCloseable {
    private static final String COMPONENT = "serving";
    private static final String GET = "GET";
    /** Path to method: what an answer to another method must name. */
    private static final Map<String, String> ALLOWED = Map.of(
            "/v1/rank", "POST",
            "/v1/model", GET,
            "/v1/openapi.json", GET,
            "/health", GET,
            "/health/ready", GET,
            "/metrics", GET);

    private static final long HEAP_SHARE = 3;
    private static final Duration KAFKA_WAIT = Duration.ofSeconds(30);

    private final PipelineSpec spec;
    private final PrometheusMeterRegistry registry;
    private final LogProducer producer;
    private final ModelFollower model;
    private final OutcomeFollower outcomes;
    private final @Nullable FeatureFollower features;
    private final RankMetrics metrics;
    private final Ranker ranker;

    private ServingApp(
            PipelineSpec spec,
            KafkaSettings kafka,
            SnapshotStore snapshots,
            byte[] secret,
            long featureBytes,
            Clock clock,
            PrometheusMeterRegistry registry,
            LogProducer producer) {
        this.spec = spec;
        this.registry = registry;
        this.producer = producer;
        DeadLetters deadLetters = new DeadLetters(COMPONENT, kafka, producer.producer(), clock);
        Counter counted = Counter.builder("millrace.dead.letters")
                .description("Records given up")
                .tag("component", COMPONENT)
                .register(registry);
        this.metrics = new RankMetrics(registry);
        RewardRates rates = new RewardRates();
        this.model = ModelFollower.start(
                spec, kafka, snapshots, deadLetters, counted::increment, producer.producer(), clock, registry);
        this.outcomes = OutcomeFollower.start(spec, kafka, deadLetters, counted::increment, rates);
        this.features = spec.aggregates().isEmpty()
                ? null
                : FeatureFollower.start(
                        spec,
                        kafka,
                        deadLetters,
                        counted::increment,
                        featureBytes,
                        producer.producer(),
                        clock,
                        registry);
        SecureRandom random = new SecureRandom();
        try {
            this.ranker = Ranker.start(
                    spec,
                    kafka,
                    secret,
                    this::forDecisions,
                    rates,
                    features == null ? () -> EntitySource.NONE : features::view,
                    producer,
                    deadLetters,
                    counted::increment,
                    metrics,
                    clock,
                    random::nextLong);
            model.awaitKnown(KAFKA_WAIT);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The same where streaming features may take a third of the heap. */
    public static ServingApp start(
            PipelineSpec spec,
            KafkaSettings kafka,
            SnapshotStore store,
            byte[] secret,
            Clock clock,
            PrometheusMeterRegistry registry) {
        return start(spec, kafka, store, secret, defaultFeatureBytes(), clock, registry);
    }

    /**
     * Starts following, and returns when the answers to recent request ids are remembered. A model version may come later: without
     * any, decisions are made by draws alone; where some are published, none is made until they are read.
     *
     * @param store holds the base snapshots that manifests name
     * @param secret behind every random draw, at least 16 bytes; kept over restarts, so that a decision replayed is the
     *     same decision
     * @param featureBytes how much memory streaming features may take, about
     * @throws IllegalArgumentException if the secret is too short
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer
     */
    public static ServingApp start(
            PipelineSpec spec,
            KafkaSettings kafka,
            SnapshotStore store,
            byte[] secret,
            long featureBytes,
            Clock clock,
            PrometheusMeterRegistry registry) {
        Draws.check(secret);
        LogProducer producer = new LogProducer(kafka);
        try {
            producer.warmUp(KAFKA_WAIT, Topic.DECISIONS, Topic.NAMES, Topic.DEAD_LETTERS, Topic.ALERTS);
            return new ServingApp(spec, kafka, store, secret, featureBytes, clock, registry, producer);
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    /** How much memory streaming features may take where nobody says: a third of the heap. */
    public static long defaultFeatureBytes() {
        return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    /** Adds the services to a server, and JSON answers for whatever it refuses. */
    public void mount(ServerBuilder server) {
        server.errorHandler(new JsonErrors(ALLOWED));
        server.route()
                .post("/v1/rank")
                .maxRequestLength(RankHttp.MAX_BODY_BYTES)
                .build(new RankHttp(ranker, metrics));
        server.route().get("/v1/model").build(new ModelHttp(spec, model::current, model::isPinned, model::isFrozen));
        server.route().get("/v1/openapi.json").build(StatusHttp.openApi());
        server.route().get("/health").build(StatusHttp.live());
        server.route().get("/health/ready").build(StatusHttp.ready(this::isReady));
        server.route().get("/metrics").build(StatusHttp.metrics(registry));
    }

    private @Nullable ServedModel forDecisions() {
        if (features != null && !features.isReady()) {
            throw new ModelNotReadyException();
        }
        return model.forDecisions();
    }

    /** The version that is served now; none before the first. */
    public Optional<ServedModel> model() {
        return Optional.ofNullable(model.current());
    }

    /** Whether the version that is served, and the streaming features, have all that was published before the start. */
    public boolean isReady() {
        return model.isReady() && (features == null || features.isReady());
    }

    /** Ends the threads, after writing the decisions that are not written yet. */
    @Override
    public void close() {
        outcomes.close();
        if (features != null) {
            features.close();
        }
        model.close();
        producer.close();
    }
}
