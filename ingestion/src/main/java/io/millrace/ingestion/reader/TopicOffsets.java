package io.millrace.ingestion.reader;

import io.millrace.features.spec.SourceSpec;
import io.millrace.record.SourceOffset;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Those in the topic {@code source-offsets}: of a source in another Kafka than the one to which its results are written, where
 * a consumer group cannot hold them: a group's offsets are of topics of its own Kafka.
 */
final class TopicOffsets implements ReadOffsets {
    private static final Duration POLL = Duration.ofMillis(200);
    /** Longer than a transaction of another source may be open, behind which what is committed cannot be read. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(5);

    private final SourceSpec source;
    private final String cluster;
    private final KafkaSettings own;
    private final String clusterId;
    private final TopicPartition place;
    private final Codec<SourceOffset> codec = Codec.of(SourceOffset.class);

    private TopicOffsets(SourceSpec source, String cluster, KafkaSettings own, String clusterId) {
        this.source = source;
        this.cluster = cluster;
        this.own = own;
        this.clusterId = clusterId;
        this.place = new TopicPartition(own.name(Topic.SOURCE_OFFSETS), 0);
    }

    /**
     * Asks both clusters who they are.
     *
     * @param cluster the source's, by name
     * @param own where results are written
     * @param other where the source is
     * @throws KafkaException if one does not answer, or both are the same one and the topic is one of ours
     */
    static TopicOffsets of(SourceSpec source, String cluster, KafkaSettings own, KafkaSettings other) {
        String clusterId = id(other);
        if (clusterId.equals(id(own))
                && Arrays.stream(Topic.values()).map(own::name).anyMatch(source.topic()::equals)) {
            throw new KafkaException(source.name() + ": topic " + source.place() + ": cluster " + cluster
                    + " is Millrace's own Kafka, and so is the topic (expected: a topic of others)");
        }
        return new TopicOffsets(source, cluster, own, clusterId);
    }

    private static String id(KafkaSettings kafka) {
        try (Admin admin = Admin.create(kafka.admin())) {
            return get(admin.describeCluster().clusterId());
        }
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public Map<TopicPartition, Long> read(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> read = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(own);
                RecordDecoder decoder = new RecordDecoder(own, SCHEMA_WAIT)) {
            Codec<SourceOffset> known = decoder.codec(SourceOffset.class);
            long end = end();
            consumer.assign(Set.of(place));
            consumer.seekToBeginning(Set.of(place));
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(place) < end) {
                if (System.nanoTime() > until) {
                    throw new org.apache.kafka.common.errors.TimeoutException(place + ": at " + consumer.position(place)
                            + ", ends at " + end + " (expected: its end within " + PATIENCE.toSeconds() + " s)");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() != null) {
                        take(decode(decoder, known, record), partitions, read);
                    }
                }
            }
        }
        return read;
    }

    /** Of all that was written, committed or not: what is committed may stand behind what others have not committed yet. */
    private long end() {
        try (Admin admin = Admin.create(own.admin())) {
            return get(admin.listOffsets(Map.of(place, OffsetSpec.latest())).partitionResult(place))
                    .offset();
        }
    }

    private static SourceOffset decode(
            RecordDecoder decoder, Codec<SourceOffset> known, ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoder.decode(known, record.value());
        } catch (WireException e) {
            throw new KafkaException(record.topic() + "-" + record.partition() + "-" + record.offset() + ": "
                    + e.getMessage() + "; how far sources are read is not known without it");
        }
    }

    private void take(SourceOffset offset, Set<TopicPartition> partitions, Map<TopicPartition, Long> read) {
        TopicPartition partition = new TopicPartition(offset.getTopic(), offset.getPartition());
        if (!offset.getSource().equals(source.name())
                || !offset.getCluster().equals(cluster)
                || !partitions.contains(partition)) {
            return;
        }
        if (!offset.getClusterId().equals(clusterId)) {
            throw new KafkaException(source.name() + ": cluster " + cluster + ": " + clusterId + " (expected: "
                    + offset.getClusterId() + ", where " + partition + " was read to " + offset.getNextOffset()
                    + "; another Kafka has another name)");
        }
        read.put(partition, offset.getNextOffset());
    }

    @Override
    public void add(Producer<byte[], byte[]> producer, Map<TopicPartition, OffsetAndMetadata> next) {
        next.forEach((partition, offset) -> {
            SourceOffset record = new SourceOffset(
                    source.name(), cluster, clusterId, partition.topic(), partition.partition(), offset.offset());
            String key = source.name() + "/" + cluster + ":" + partition;
            producer.send(new ProducerRecord<>(
                    place.topic(), place.partition(), key.getBytes(StandardCharsets.UTF_8), codec.encode(record)));
        });
    }

    @Override
    public String remedy() {
        return "give the source another name";
    }
}
