package io.millrace.ingestion.reader;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** Those of the consumer's group: of a source in the Kafka to which its results are written. */
final class GroupOffsets implements ReadOffsets {
    private final Consumer<byte[], byte[]> consumer;

    GroupOffsets(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    @Override
    public Map<TopicPartition, Long> read(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> read = new HashMap<>();
        consumer.committed(partitions).forEach((partition, next) -> {
            if (next != null) {
                read.put(partition, next.offset());
            }
        });
        return read;
    }

    @Override
    public void add(Producer<byte[], byte[]> producer, Map<TopicPartition, OffsetAndMetadata> next) {
        producer.sendOffsetsToTransaction(next, consumer.groupMetadata());
    }

    @Override
    public String remedy() {
        return "reset the offsets of group " + consumer.groupMetadata().groupId();
    }
}
