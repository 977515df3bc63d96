package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wire.Schemas;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.SchemaTopic;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SchemaTopicIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);
    /** Waiting for this would end the test by its time limit. */
    private static final Duration FOREVER = Duration.ofHours(1);

    private static TestingKafka kafka;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        kafka = TestingKafka.start(3);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void publishesEverySchemaOfTheCatalogueUnderItsFingerprint() {
        SchemaTopic.publish(kafka.settings());
        Set<String> expected = Arrays.stream(Topic.values())
                .flatMap(topic -> topic.schema().stream())
                .map(schema -> Long.toHexString(SchemaNormalization.parsingFingerprint64(schema)))
                .collect(Collectors.toSet());
        List<ConsumerRecord<byte[], byte[]>> read =
                kafka.read(Topic.SCHEMAS, LONG, records -> keys(records).containsAll(expected));
        assertThat(keys(read)).containsAll(expected);
    }

    @Test
    void findsASchemaThatAnotherProcessPublished() throws Exception {
        Schema schema = schema("Published");
        publish(schema.toString());
        Schemas schemas = new Schemas();
        try (SchemaTopic topic = new SchemaTopic(kafka.settings(), schemas)) {
            assertThat(topic.await(fingerprint(schema), LONG)).isTrue();
            assertThat(schemas.findByFingerprint(fingerprint(schema))).isEqualTo(schema);
            assertThat(topic.await(fingerprint(schema), Duration.ZERO)).isTrue();
        }
    }

    @Test
    void waitsForNoOtherFingerprintOnceItHasWaitedInVain() {
        try (SchemaTopic topic = new SchemaTopic(kafka.settings(), new Schemas())) {
            assertThat(topic.await(1, Duration.ofSeconds(3))).isFalse();
            assertThat(topic.await(1, FOREVER)).isFalse();
            for (long hostile = 2; hostile < 100; hostile++) {
                assertThat(topic.await(hostile, FOREVER)).isFalse();
            }
        }
    }

    @Test
    void findsASchemaThatIsPublishedAfterItWasGivenUp() throws Exception {
        Schema schema = schema("Late");
        try (SchemaTopic topic = new SchemaTopic(kafka.settings(), new Schemas())) {
            assertThat(topic.await(fingerprint(schema), SHORT)).isFalse();
            publish(schema.toString());
            assertThat(eventually(() -> topic.await(fingerprint(schema), FOREVER)))
                    .isTrue();
        }
    }

    @Test
    void passesOverWhatIsNoSchema() throws Exception {
        Schema schema = schema("AfterRubbish");
        for (String rubbish : List.of(
                "", "null", "7", "[]", "{}", "{\"type\": 3}", "{\"type\": \"record\"}", "\u0000\u0001", "[[[[")) {
            publish(rubbish);
        }
        publish(null);
        publish(schema.toString());
        try (SchemaTopic topic = new SchemaTopic(kafka.settings(), new Schemas())) {
            assertThat(topic.await(fingerprint(schema), LONG)).isTrue();
        }
    }

    @Test
    void saysWhenSchemasCouldNotBePublished() {
        KafkaSettings noSuchTopic =
                new KafkaSettings(withShortTimeouts(kafka.settings().client()), "nobody-made-");
        assertThatThrownBy(() -> SchemaTopic.publish(noSuchTopic))
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("topic nobody-made-schemas: schemas could not be published: ");
    }

    @Test
    void createsTheTopicsThatAreMissingAndLeavesTheOthers() throws Exception {
        KafkaSettings settings = new KafkaSettings(kafka.settings().client(), "other-");
        try (TopicAdmin admin = new TopicAdmin(settings)) {
            admin.createMissing(TopicPlan.small(4));
            admin.createMissing(TopicPlan.small(8));
            assertThat(admin.partitions(Topic.EXAMPLES)).isEqualTo(4);
            assertThat(admin.partitions(Topic.EVENTS)).isEqualTo(1);
            assertThat(admin.topicId(Topic.EXAMPLES)).isNotEqualTo(admin.topicId(Topic.EVENTS));
        }
        try (TopicAdmin admin = new TopicAdmin(kafka.settings())) {
            assertThat(admin.partitions(Topic.EXAMPLES)).isEqualTo(3);
        }
    }

    @Test
    void saysWhichTopicIsMissing() {
        KafkaSettings settings = new KafkaSettings(kafka.settings().client(), "absent-");
        try (TopicAdmin admin = new TopicAdmin(settings)) {
            assertThatThrownBy(() -> admin.partitions(Topic.EXAMPLES))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("topic absent-examples: ");
        }
    }

    private static Map<String, String> withShortTimeouts(Map<String, String> client) {
        Map<String, String> changed = new HashMap<>(client);
        changed.put("max.block.ms", "500");
        return changed;
    }

    private static Schema schema(String name) {
        return SchemaBuilder.record(name)
                .namespace("test")
                .fields()
                .requiredLong("value")
                .endRecord();
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    private static void publish(@Nullable String text) throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            byte[] value = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(kafka.settings().name(Topic.SCHEMAS), new byte[] {1}, value))
                    .get();
        }
    }

    private static boolean eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() - end < 0) {
            if (condition.getAsBoolean()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private static Set<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(read -> new String(read.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }
}
