package io.millrace.local.demo;

import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what stands in a topic now. What cannot be decoded is passed over: its reader in the loop has reported it. */
final class LogReader {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings kafka;

    /** A decoded record with its place. */
    record Placed<T>(T value, int partition, long offset) {}

    LogReader(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** Gives every committed record from the topic's beginning to its present end. */
    <T extends SpecificRecord> void read(Topic topic, Class<T> type, Consumer<Placed<T>> to) {
        Codec<T> codec = Codec.of(type);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(kafka.name(topic)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    decode(codec, read, to);
                }
            }
        }
    }

    private static <T extends SpecificRecord> void decode(
            Codec<T> codec, ConsumerRecord<byte[], byte[]> read, Consumer<Placed<T>> to) {
        if (read.value() == null) {
            return;
        }
        T value;
        try {
            value = codec.decode(read.value());
        } catch (WireException e) {
            return;
        }
        to.accept(new Placed<>(value, read.partition(), read.offset()));
    }
}
