package io.millrace.features.job.history;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes dead letters to their topic. */
final class LetterWriter implements KafkaRecordSerializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    private final String topic;

    LetterWriter(KafkaSettings kafka) {
        this.topic = kafka.name(Topic.DEAD_LETTERS);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(byte[] packed, KafkaSinkContext context, @Nullable Long timestamp) {
        return new ProducerRecord<>(topic, Logged.unpack(packed).bytes());
    }
}
