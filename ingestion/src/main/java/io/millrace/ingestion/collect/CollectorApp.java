package io.millrace.ingestion.collect;

import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.wire.Topic;
import io.millrace.wire.Uuid7;
import io.millrace.wire.kafka.KafkaSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector: {@code POST /v1/feedback}, {@code /v1/events} and {@code /v1/items} into Kafka.
 *
 * <p>A request is checked as a whole and written as a whole or not at all, and 202 is answered when every record of it is
 * acknowledged by all in-sync replicas: what was acknowledged is never lost. Where Kafka does not take the records, 503 is
 * answered with the ids of the records; some may be written all the same, so a caller that tries again uses those ids, and
 * the join drops the repeats. When too much is waiting, or the join is so far behind that feedback might be gone before it is
 * read, 429 is answered before anything is read.
 *
 * <p>Safe for use by several threads. Close it after the server that it is mounted on.
 */
public final class CollectorApp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CollectorApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int LINGER_MS = 1;

    private final KafkaSettings settings;
    private final FeedbackSpec.Match match;
    private final MeterRegistry registry;
    private final CollectorLimits limits;
    private final Producer<byte[], byte[]> producer;
    private final Admission admission;
    private final ExecutorService executor;
    private final EventTime time;
    private final Uuid7 ids;
    private final JoinBacklog backlog;

    private CollectorApp(
            KafkaSettings settings,
            FeedbackSpec.Match match,
            Clock clock,
            MeterRegistry registry,
            CollectorLimits limits) {
        this.settings = settings;
        this.match = match;
        this.registry = registry;
        this.limits = limits;
        this.admission = new Admission(limits.maxRequestsInFlight(), limits.maxBytesInFlight());
        this.time = new EventTime(clock, limits.maxAhead());
        this.ids = new Uuid7(clock, new SplittableRandom(new SecureRandom().nextLong()));
        this.producer = new KafkaProducer<>(
                producerProperties(settings, limits), new ByteArraySerializer(), new ByteArraySerializer());
        AtomicInteger threads = new AtomicInteger();
        int parallelism = Math.max(2, Runtime.getRuntime().availableProcessors());
        this.executor = Executors.newFixedThreadPool(parallelism, task -> {
            Thread thread = new Thread(task, "millrace-collector-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.backlog = JoinBacklog.start(settings, clock, new BacklogLimit(limits.maxBacklog()), registry);
        Gauge.builder("millrace.collector.in.flight", admission, Admission::inFlight)
                .description("Requests being read or waiting for Kafka")
                .register(registry);
    }

    /** Starts a collector with the default limits. */
    public static CollectorApp start(
            KafkaSettings settings, FeedbackSpec.Match match, Clock clock, MeterRegistry registry) {
        return start(settings, match, clock, registry, CollectorLimits.DEFAULT);
    }

    /**
     * Starts a collector. It starts without Kafka as well, after having waited for it for the limits' {@code ackTimeout}, and
     * answers 503 until Kafka is there.
     *
     * @param match how feedback may say which decision it is about
     * @param clock gives records their time where the caller does not, and minted ids theirs
     */
    public static CollectorApp start(
            KafkaSettings settings,
            FeedbackSpec.Match match,
            Clock clock,
            MeterRegistry registry,
            CollectorLimits limits) {
        CollectorApp app = new CollectorApp(settings, match, clock, registry, limits);
        app.meetKafka();
        return app;
    }

    /** Adds the collector's routes to a server. */
    public void mount(ServerBuilder server) {
        Acknowledger acknowledger = new Acknowledger(producer);
        Replies replies = new Replies();
        List<Intake> intakes = List.of(
                new FeedbackIntake(settings, match, time, ids),
                new EventIntake(settings, time, ids),
                new ItemIntake(settings, time));
        for (Intake intake : intakes) {
            CollectorMetrics metrics = new CollectorMetrics(registry, intake.topic());
            server.route()
                    .path("/v1/" + intake.topic().text())
                    .maxRequestLength(limits.maxBodyBytes())
                    .requestTimeout(limits.readTimeout())
                    .errorHandler(new CollectErrors(replies, metrics, limits))
                    .build(new CollectService(
                            intake,
                            intake.topic() == Topic.FEEDBACK ? backlog::refusal : Optional::empty,
                            acknowledger,
                            admission,
                            limits,
                            metrics,
                            replies,
                            executor));
        }
    }

    /** Answers what is in flight, as far as Kafka takes it within ten seconds, and gives everything back. */
    @Override
    public void close() {
        backlog.close();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("requests were still being read after {} s", CLOSE_TIMEOUT.toSeconds());
            }
            producer.close(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            producer.close(Duration.ZERO);
            Thread.currentThread().interrupt();
        }
    }

    /** Fetches the topics' metadata, so that the first request does not wait for it. */
    private void meetKafka() {
        for (Topic topic : List.of(Topic.FEEDBACK, Topic.EVENTS, Topic.ITEMS)) {
            try {
                producer.partitionsFor(settings.name(topic));
            } catch (KafkaException e) {
                LOG.warn("{}: Kafka is not there yet: {}", settings.name(topic), e.getMessage());
                return;
            }
        }
    }

    private static Properties producerProperties(KafkaSettings settings, CollectorLimits limits) {
        Properties properties = settings.producer();
        long ackMs = limits.ackTimeout().toMillis();
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.setProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(ackMs));
        properties.setProperty(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(ackMs / 2));
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(LINGER_MS));
        properties.setProperty(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(ackMs));
        properties.setProperty(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.toString(TimeUnit.DAYS.toMillis(7)));
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(64L << 20));
        return properties;
    }
}
