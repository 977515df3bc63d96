package io.millrace.serving.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Alert;
import io.millrace.record.FeatureValues;
import io.millrace.record.Severity;
import io.millrace.serving.TestingClock;
import io.millrace.wire.Codec;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class FeatureMetricsTest {
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            features:
              clicks: {count: click, by: item}
            """, "shop.yaml");

    private static final int BYTES =
            EntityValues.of(record(1), AggregateGroup.of(SPEC).get(0)).memory();

    private final TestingClock clock = new TestingClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final FeatureMetrics metrics =
            new FeatureMetrics(new SimpleMeterRegistry(), KafkaSettings.of("nowhere:1"), kafka, clock);
    private final FeatureStore store = new FeatureStore(SPEC, 100L * BYTES, metrics);
    private int entities;

    private static FeatureValues record(long entity) {
        return FeatureValues.newBuilder()
                .setBy("item")
                .setEntity(EntityValues.key(entity))
                .setAsOfMicros(entity)
                .build();
    }

    private void holds(int count) {
        while (entities < count) {
            entities++;
            store.put(entities, record(entities));
        }
        while (entities > count) {
            store.remove("item", entities);
            entities--;
        }
        store.reached(0);
    }

    private List<Severity> alerts() {
        return kafka.history().stream()
                .map(sent -> Codec.of(Alert.class).decode(sent.value()).getSeverity())
                .toList();
    }

    @Test
    void aStoreThatStaysAboutHalfFullIsToldOnce() {
        for (int n = 0; n < 100; n++) {
            holds(n % 2 == 0 ? 51 : 46);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(alerts()).containsExactly(Severity.WARNING);
    }

    @Test
    void aStoreThatShrinksAndGrowsIsToldOnceInTenMinutes() {
        for (int n = 0; n < 10; n++) {
            holds(51);
            holds(40);
        }
        assertThat(alerts()).hasSize(1);
        holds(51);
        clock.advance(PAUSE.minusMillis(1));
        holds(52);
        assertThat(alerts()).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        holds(53);
        assertThat(alerts()).as("after the pause, if it is still so").hasSize(2);
        clock.advance(PAUSE);
        holds(60);
        assertThat(alerts()).as("no news").hasSize(2);
    }
}
