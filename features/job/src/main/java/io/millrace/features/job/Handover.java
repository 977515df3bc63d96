package io.millrace.features.job;

import io.millrace.features.job.backfill.History;
import io.millrace.features.job.backfill.HistoryException;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Where topics go on when a history ends. A record is written when it has happened, or up to {@link AggregateJob#MAX_AHEAD} before,
 * since one that is further ahead does not count: what happened from a time on was written from a while before that on.
 */
public final class Handover {
    /** More than a record may be ahead of the clock, for clocks that are not the same. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private Handover() {}

    /** Where topics begin to count, or a while before that; one whose records the history does not hold, from its beginning. */
    static OffsetsInitializer start(KafkaSettings kafka, History history) {
        Set<String> held = history.topics().stream().map(kafka::name).collect(Collectors.toUnmodifiableSet());
        long from = history.until().minus(MARGIN).toEpochMilli();
        return new FromTime(OffsetsInitializer.timestamp(from), held);
    }

    /** What is gone before it was read is looked for from the oldest that is left on, not passed over with all that is there. */
    private static final class FromTime implements OffsetsInitializer {
        private static final long serialVersionUID = 1L;

        private final OffsetsInitializer byTime;
        private final Set<String> topics;

        FromTime(OffsetsInitializer byTime, Set<String> topics) {
            this.byTime = byTime;
            this.topics = topics;
        }

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
            Map<Boolean, List<TopicPartition>> isByTime =
                    partitions.stream().collect(Collectors.partitioningBy(one -> topics.contains(one.topic())));
            Map<TopicPartition, Long> offsets = new HashMap<>();
            // Offsets, not the mark for the earliest: of an empty partition that would never be committed.
            offsets.putAll(retriever.beginningOffsets(isByTime.get(false)));
            offsets.putAll(byTime.getPartitionOffsets(isByTime.get(true), retriever));
            return offsets;
        }

        @Override
        @SuppressWarnings("deprecation") // the connector's interface
        public OffsetResetStrategy getAutoOffsetResetStrategy() {
            return OffsetResetStrategy.EARLIEST;
        }
    }

    /**
     * Looks whether the topics whose records a history holds have everything from its end on.
     *
     * @throws HistoryException that says which offsets are gone
     */
    public static void check(KafkaSettings kafka, History history) throws HistoryException {
        List<Problem> gaps = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (Topic topic : history.topics()) {
                List<TopicPartition> partitions = consumer.partitionsFor(kafka.name(topic)).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
                Map<TopicPartition, OffsetAndTimestamp> oldest = consumer.offsetsForTimes(all(partitions, 0));
                begins.forEach(
                        (partition, begin) -> gap(partition, begin, oldest.get(partition), history.until(), gaps));
            }
        }
        if (!gaps.isEmpty()) {
            throw new HistoryException(gaps);
        }
    }

    private static Map<TopicPartition, Long> all(List<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, millis));
        return times;
    }

    private static void gap(
            TopicPartition partition,
            long begin,
            @Nullable OffsetAndTimestamp oldest,
            Instant until,
            List<Problem> gaps) {
        if (begin == 0 || oldest != null && oldest.timestamp() <= until.toEpochMilli()) {
            return;
        }
        String rest = oldest == null ? "and nothing is left" : "up to " + Instant.ofEpochMilli(oldest.timestamp());
        gaps.add(new Problem(
                partition.topic() + ", partition " + partition.partition(),
                "offsets before " + begin + " are gone, " + rest,
                "everything that was written from " + until + " on; a history that ends later"));
    }
}
