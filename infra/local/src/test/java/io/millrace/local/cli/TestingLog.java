package io.millrace.local.cli;

import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of a broker, read and written as any other program could. */
final class TestingLog {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings kafka;

    TestingLog(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * A decoded record.
     *
     * @param writtenMs when its producer sent it, wall clock
     */
    record Placed<T>(long offset, long writtenMs, T value) {}

    /** Every committed record from the topic's beginning to its present end that is a record of the type. */
    <T extends SpecificRecord> List<Placed<T>> read(Topic topic, Class<T> type) {
        Codec<T> codec = Codec.of(type);
        List<Placed<T>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> read : read(topic)) {
            if (read.value() == null) {
                continue;
            }
            try {
                records.add(new Placed<>(read.offset(), read.timestamp(), codec.decode(read.value())));
            } catch (WireException e) {
                continue;
            }
        }
        return records;
    }

    /** What compaction leaves of a topic. */
    <T extends SpecificRecord> List<T> compacted(Topic topic, Class<T> type) {
        Codec<T> codec = Codec.of(type);
        Map<ByteBuffer, T> last = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> read : read(topic)) {
            ByteBuffer key = ByteBuffer.wrap(read.key());
            last.remove(key);
            if (read.value() != null) {
                last.put(key, codec.decode(read.value()));
            }
        }
        return List.copyOf(last.values());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
        TopicPartition partition = new TopicPartition(kafka.name(topic), 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
            while (consumer.position(partition) < ends.get(partition)) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }

    /** Deletes a topic's beginning. */
    void deleteBefore(Topic topic, long offset) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.admin())) {
            admin.deleteRecords(Map.of(new TopicPartition(kafka.name(topic), 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    /** Writes bytes, whatever they are, and returns their offset. */
    long write(Topic topic, byte[] key, byte[] value) throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(kafka.name(topic), key, value))
                    .get()
                    .offset();
        }
    }
}
