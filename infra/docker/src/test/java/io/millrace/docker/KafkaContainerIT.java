package io.millrace.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.kafka.KafkaContainer;

class KafkaContainerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BeforeAll
    static void needsAnEngine() {
        Engine.isNeeded();
    }

    @Test
    void whatIsAcknowledgedByABrokerInAContainerIsReadFromIt() throws Exception {
        try (KafkaContainer kafka = new KafkaContainer(Engine.image("apache/kafka:4.2.0"))) {
            kafka.start();
            KafkaSettings settings = KafkaSettings.of(kafka.getBootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(settings)) {
                admin.createMissing(TopicPlan.small(1));
            }
            String topic = settings.name(Topic.FEEDBACK);
            try (Producer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(topic, 0, null, "liked".getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
            assertThat(read(settings, topic)).containsExactly("liked");
        }
    }

    private static List<String> read(KafkaSettings settings, String topic) {
        List<String> values = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (values.isEmpty() && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }
}
