package io.millrace.bench.pipeline;

import io.millrace.record.Delta;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the versions that are published from now on, whole ones only. Used by one thread. */
final class Versions implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final Codec<Delta> codec = Codec.of(Delta.class);
    private final Consumer<byte[], byte[]> consumer;

    Versions(KafkaSettings kafka) {
        TopicPartition updates = new TopicPartition(kafka.name(Topic.MODEL_UPDATES), 0);
        consumer = new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(updates));
        consumer.seekToEnd(List.of(updates));
        consumer.position(updates);
    }

    /** The last parts of those that have come since, after waiting a moment if none has. */
    List<Delta> read() {
        List<Delta> whole = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
            Delta part = codec.decode(read.value());
            if (part.getPart() == part.getParts() - 1) {
                whole.add(part);
            }
        }
        return whole;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
