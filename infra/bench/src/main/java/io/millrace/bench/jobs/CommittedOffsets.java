package io.millrace.bench.jobs;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far a job has read topics of one partition for good: it commits that with each of its checkpoints. */
final class CommittedOffsets implements AutoCloseable {
    private final Admin admin;
    private final String group;
    private final long most;
    private final List<TopicPartition> partitions;

    /** @param most of each topic that count */
    CommittedOffsets(KafkaSettings kafka, String group, long most, Collection<Topic> topics) {
        this.admin = Admin.create(kafka.admin());
        this.group = group;
        this.most = most;
        this.partitions = topics.stream()
                .map(topic -> new TopicPartition(kafka.name(topic), 0))
                .toList();
    }

    /** The sum over the topics. */
    long sum() throws InterruptedException {
        try {
            Map<TopicPartition, @Nullable OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            long sum = 0;
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                sum += offset == null ? 0 : Math.min(offset.offset(), most);
            }
            return sum;
        } catch (ExecutionException e) {
            throw new IllegalStateException(group + ", offsets: " + e.getCause(), e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
