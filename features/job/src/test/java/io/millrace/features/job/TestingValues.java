package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads {@code feature-values} as serving does: the newest record of each entity. */
final class TestingValues {
    private static final Duration POLL = Duration.ofMillis(50);

    private TestingValues() {}

    /** When they are as wanted. */
    static Map<String, FeatureValues> newest(
            KafkaSettings settings, Duration patience, Predicate<Map<String, FeatureValues>> wanted) {
        Map<String, FeatureValues> newest = new HashMap<>();
        try (Consumer<String, byte[]> consumer = consumer(settings)) {
            long end = System.nanoTime() + patience.toNanos();
            while (!wanted.test(newest)) {
                assertThat(System.nanoTime())
                        .as("not within %s; now %s entities", patience, newest.size())
                        .isLessThan(end);
                poll(consumer, newest);
            }
        }
        return newest;
    }

    /** Those that are there. */
    static Map<String, FeatureValues> now(KafkaSettings settings) {
        Map<String, FeatureValues> newest = new HashMap<>();
        try (Consumer<String, byte[]> consumer = consumer(settings)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                poll(consumer, newest);
            }
        }
        return newest;
    }

    private static Consumer<String, byte[]> consumer(KafkaSettings settings) {
        TopicPartition partition = new TopicPartition(settings.name(Topic.FEATURE_VALUES), 0);
        Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings.consumer(), new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private static void poll(Consumer<String, byte[]> consumer, Map<String, FeatureValues> newest) {
        Codec<FeatureValues> codec = Codec.of(FeatureValues.class);
        for (ConsumerRecord<String, byte[]> read : consumer.poll(POLL)) {
            if (read.value() == null) {
                newest.remove(read.key());
            } else {
                newest.put(read.key(), codec.decode(read.value()));
            }
        }
    }
}
