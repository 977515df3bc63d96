package io.millrace.trainer.job;

import io.millrace.wire.kafka.KafkaSettings;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes at least once, without delay, to the topic that each record names. */
final class PublishSink {
    private PublishSink() {}

    static KafkaSink<Published> of(KafkaSettings kafka) {
        Properties properties = kafka.producer();
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
        return KafkaSink.<Published>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(properties.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new ByTopic(kafka))
                .build();
    }

    private static final class ByTopic implements KafkaRecordSerializationSchema<Published> {
        private static final long serialVersionUID = 1L;

        private final KafkaSettings kafka;

        ByTopic(KafkaSettings kafka) {
            this.kafka = kafka;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Published published, KafkaSinkContext context, @Nullable Long timestamp) {
            return new ProducerRecord<>(kafka.name(published.topic()), published.key(), published.value());
        }
    }
}
