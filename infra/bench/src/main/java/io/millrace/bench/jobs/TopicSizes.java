package io.millrace.bench.jobs;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How many records topics hold, and how many bytes these take. */
public final class TopicSizes {
    private static final Duration POLL = Duration.ofMillis(500);

    private TopicSizes() {}

    /**
     * What one topic holds.
     *
     * @param records that a reader of committed records sees
     * @param bytes keys and values of these
     * @param stored what the broker keeps of it on its disk: compressed, with the marks of transactions
     */
    public record Size(long records, long bytes, long stored) {
        /** Mean bytes of a record as it is written. */
        public double each() {
            return bytes / (double) records;
        }

        /** Mean bytes of a record on the broker's disk. */
        public double storedEach() {
            return stored / (double) records;
        }
    }

    /** Reads topics of one partition from the beginning. */
    public static Map<Topic, Size> of(KafkaSettings kafka, Topic... topics) throws InterruptedException {
        Map<TopicPartition, Long> stored = stored(kafka);
        Map<Topic, Size> sizes = new EnumMap<>(Topic.class);
        for (Topic topic : topics) {
            TopicPartition partition = new TopicPartition(kafka.name(topic), 0);
            sizes.put(topic, read(kafka, partition, stored.getOrDefault(partition, 0L)));
        }
        return sizes;
    }

    private static Size read(KafkaSettings kafka, TopicPartition partition, long stored) {
        long records = 0;
        long bytes = 0;
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
                    records++;
                    bytes += one.serializedKeySize() + Math.max(0, one.serializedValueSize());
                }
            }
        }
        return new Size(records, bytes, stored);
    }

    private static Map<TopicPartition, Long> stored(KafkaSettings kafka) throws InterruptedException {
        Map<TopicPartition, Long> stored = new HashMap<>();
        try (Admin admin = Admin.create(kafka.admin())) {
            List<Integer> brokers =
                    admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            for (Map<String, LogDirDescription> directories :
                    admin.describeLogDirs(brokers).allDescriptions().get().values()) {
                for (LogDirDescription directory : directories.values()) {
                    directory
                            .replicaInfos()
                            .forEach((partition, info) -> stored.merge(partition, info.size(), Long::sum));
                }
            }
            return stored;
        } catch (ExecutionException e) {
            throw new IllegalStateException("sizes of topics: " + e.getCause(), e);
        }
    }
}
