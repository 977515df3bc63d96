package io.millrace.trainer.job;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** {@code examples} from its beginning, committed records only, undecoded: what is no example is for the shard to say. */
final class ExampleSource {
    private ExampleSource() {}

    static KafkaSource<LogRecord> of(KafkaSettings kafka) {
        Properties properties = kafka.consumer();
        properties.setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "-1");
        properties.setProperty(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "false");
        return KafkaSource.<LogRecord>builder()
                .setProperties(properties)
                .setTopics(kafka.name(Topic.EXAMPLES))
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setClientIdPrefix("millrace-learn")
                .setDeserializer(new AsItIs())
                .build();
    }

    private static final class AsItIs implements KafkaRecordDeserializationSchema<LogRecord> {
        private static final long serialVersionUID = 1L;
        private static final byte[] NOTHING = new byte[0];

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> read, Collector<LogRecord> out) {
            byte[] value = read.value() == null ? NOTHING : read.value();
            out.collect(new LogRecord(read.partition(), read.offset(), value));
        }

        @Override
        public TypeInformation<LogRecord> getProducedType() {
            return LogRecord.TYPE;
        }
    }
}
