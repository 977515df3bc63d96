package io.millrace.ingestion.reader;

import io.millrace.features.spec.SourceSpec;
import io.millrace.ingestion.source.SourceRecord;
import io.millrace.wire.kafka.Follower;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** The newest records of a source, for a look at them. Stateless. */
public final class SourceSample {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long MOST_NANOS = Duration.ofSeconds(30).toNanos();

    private SourceSample() {}

    /** So many of them, or all, oldest first; nothing where there is no such topic. */
    public static Optional<List<SourceRecord>> newest(SourceClusters clusters, SourceSpec source, int count) {
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(clusters.of(source))) {
            List<PartitionInfo> infos = consumer.partitionsFor(source.topic());
            if (infos == null || infos.isEmpty()) {
                return Optional.empty();
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            List<SourceRecord> records = read(consumer, source, partitions, count);
            records.sort(Comparator.comparingLong(SourceRecord::timestampMs).thenComparingLong(SourceRecord::offset));
            return Optional.of(records.subList(Math.max(0, records.size() - count), records.size()));
        }
    }

    private static List<SourceRecord> read(
            Consumer<byte[], byte[]> consumer, SourceSpec source, List<TopicPartition> partitions, int count) {
        consumer.assign(partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        partitions.forEach(each -> consumer.seek(each, Math.max(begins.get(each), ends.get(each) - count)));
        List<SourceRecord> records = new ArrayList<>();
        long until = System.nanoTime() + MOST_NANOS;
        while (System.nanoTime() < until
                && partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
            consumer.poll(POLL).forEach(read -> records.add(SourceReader.record(source, read)));
        }
        return records;
    }
}
