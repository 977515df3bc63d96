package io.millrace.features.job;

import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes every {@link Departure} to its topic. An example's partition, its shard, is the XXH3-64 hash of the decision id, its
 * low 62 bits, modulo the number of partitions.
 */
final class DepartureWriter implements KafkaRecordSerializationSchema<byte[]>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    private final KafkaSettings kafka;

    DepartureWriter(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            byte[] packed, KafkaSinkContext context, @Nullable Long timestampMillis) {
        Departure departure = Departure.unpack(packed);
        String topic = kafka.name(departure.topic());
        Integer partition = departure.topic() == Topic.EXAMPLES
                ? shard(departure.key(), context.getPartitionsForTopic(topic).length)
                : null;
        return new ProducerRecord<>(
                topic,
                partition,
                departure.key().getBytes(StandardCharsets.UTF_8),
                departure.isTombstone() ? null : departure.value());
    }

    static int shard(String decisionId, int shards) {
        return (int) (DecisionIds.joinKeyOfRequest(decisionId) % shards);
    }

    /** The topics whose open transactions a restart looks for. */
    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        List<String> topics =
                List.of(kafka.name(Topic.EXAMPLES), kafka.name(Topic.OUTCOMES), kafka.name(Topic.DEAD_LETTERS));
        return Optional.of(
                new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(topics), kafka.producer()));
    }
}
