package io.millrace.serving.feature;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.record.Alert;
import io.millrace.record.Severity;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Counts what a store holds; that it grows towards its bound, or has reached it, is also an alert, each once in ten minutes at most.
 * That it grows is told again only after it was clearly smaller: a store that stays about as large is no news.
 */
final class FeatureMetrics implements FeatureStoreEvents {
    static final String SERIES = "serving.features";
    private static final double GROWING = 0.5;
    private static final double SMALLER = 0.45;
    private static final long PAUSE_MILLIS = Duration.ofMinutes(10).toMillis();

    private final MeterRegistry registry;
    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;
    private final Clock clock;
    private final Codec<Alert> codec = Codec.of(Alert.class);
    private long nextFullMillis = Long.MIN_VALUE;
    private long nextGrowingMillis = Long.MIN_VALUE;
    private boolean isGrowingTold;

    FeatureMetrics(MeterRegistry registry, KafkaSettings kafka, Producer<byte[], byte[]> producer, Clock clock) {
        this.registry = registry;
        this.kafka = kafka;
        this.producer = producer;
        this.clock = clock;
    }

    /** Shows a store's figures from now on. */
    void watch(FeatureStore store) {
        store.sizes()
                .keySet()
                .forEach(by -> Gauge.builder(
                                "millrace.features.entities",
                                store,
                                watched -> watched.sizes().get(by))
                        .description("Entities whose streaming features are in memory")
                        .tag("by", by)
                        .register(registry));
        Gauge.builder("millrace.features.bytes", store, FeatureStore::bytes)
                .description("Memory that streaming features take, about")
                .register(registry);
        Gauge.builder("millrace.features.max.bytes", store, FeatureStore::maxBytes)
                .description("Memory that streaming features may take")
                .register(registry);
    }

    @Override
    public void evicted(String by, long count, long left) {
        Counter.builder("millrace.features.evicted")
                .description("Entities that were forgotten, since there was no room")
                .tag("by", by)
                .register(registry)
                .increment(count);
        if (clock.millis() >= nextFullMillis) {
            nextFullMillis = clock.millis() + PAUSE_MILLIS;
            alert(
                    Severity.CRITICAL,
                    String.format(
                            Locale.ROOT,
                            "features by %s: %,d entities in memory after %,d were forgotten, those to which nothing"
                                    + " happened for the longest (expected: room for all; features.memory in the"
                                    + " deployment, or a window or ttl that lets them go). See docs/operations.md",
                            by,
                            left,
                            count));
        }
    }

    @Override
    public void reached(FeatureStore store) {
        long bytes = store.bytes();
        if (bytes < store.maxBytes() * SMALLER) {
            isGrowingTold = false;
        }
        if (bytes > store.maxBytes() * GROWING && !isGrowingTold && clock.millis() >= nextGrowingMillis) {
            isGrowingTold = true;
            nextGrowingMillis = clock.millis() + PAUSE_MILLIS;
            Map.Entry<String, Integer> most = store.sizes().entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow();
            alert(
                    Severity.WARNING,
                    String.format(
                            Locale.ROOT,
                            "features: %,d bytes in memory, most for %,d entities by %s (expected: less than half of"
                                    + " features.memory, %,d). See docs/operations.md",
                            bytes,
                            most.getValue(),
                            most.getKey(),
                            store.maxBytes()));
        }
    }

    private void alert(Severity severity, String text) {
        Alert alert = new Alert(SERIES, severity, text, TimeUnit.MILLISECONDS.toMicros(clock.millis()));
        producer.send(new ProducerRecord<>(
                kafka.name(Topic.ALERTS), SERIES.getBytes(StandardCharsets.UTF_8), codec.encode(alert)));
    }
}
