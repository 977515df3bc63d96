package io.millrace.trainer.job;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code examples} from its beginning, committed records only, undecoded: what is no example is for the shard to say. What a
 * poll reads of a partition comes in blocks ({@link BlockInterceptor}).
 */
final class ExampleSource {
    /** Of a partition that is behind, a quarter of Kafka's requests: they and the broker cost a third less an example. */
    private static final String FETCH_BYTES = Integer.toString(4 << 20);

    /** What one poll hands over wakes the task that waits for it: eight times less often than with Kafka's 500. */
    private static final String POLL_RECORDS = "4000";

    private ExampleSource() {}

    /** @param settings say where partitions are begun with, and whose freezing is heeded */
    static FreezableSource<LogBlock> of(KafkaSettings kafka, LearnJobSettings settings) {
        return new FreezableSource<>(
                source(kafka, settings), LogBlock.TYPE, kafka, settings.spec().pipeline(), settings.lineage());
    }

    private static KafkaSource<LogBlock> source(KafkaSettings kafka, LearnJobSettings settings) {
        return KafkaSource.<LogBlock>builder()
                .setProperties(properties(kafka))
                .setTopics(kafka.name(Topic.EXAMPLES))
                .setStartingOffsets(begin(kafka, settings))
                .setClientIdPrefix("millrace-learn")
                .setDeserializer(new AsItIs())
                .build();
    }

    private static OffsetsInitializer begin(KafkaSettings kafka, LearnJobSettings settings) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (int shard = 0; shard < settings.partitions(); shard++) {
            TopicPartition partition = new TopicPartition(kafka.name(Topic.EXAMPLES), shard);
            settings.start(shard).ifPresent(base -> offsets.put(partition, base.getOffset()));
        }
        return offsets.isEmpty() ? OffsetsInitializer.earliest() : OffsetsInitializer.offsets(offsets);
    }

    /** Interceptors that the deployment asks for see records, before these become blocks. */
    static Properties properties(KafkaSettings kafka) {
        Properties properties = kafka.consumer();
        properties.setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "-1");
        properties.setProperty(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "false");
        properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        properties.merge(
                ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                BlockInterceptor.class.getName(),
                (others, ours) -> others + "," + ours);
        return properties;
    }

    private static final class AsItIs implements KafkaRecordDeserializationSchema<LogBlock> {
        private static final long serialVersionUID = 1L;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> read, Collector<LogBlock> out) {
            out.collect(BlockRecord.blockOf(read));
        }

        @Override
        public TypeInformation<LogBlock> getProducedType() {
            return LogBlock.TYPE;
        }
    }
}
