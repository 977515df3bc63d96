package io.millrace.bench.jobs;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Properties;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records that lie in a topic before whoever reads them starts. */
final class Backlog {
    private static final String LINGER_MS = "20";
    private static final String BATCH_BYTES = Integer.toString(256 << 10);

    private Backlog() {}

    /** A record of a backlog. */
    record Entry(byte[] key, byte[] value) {}

    /** Writes the records number {@code from} to {@code to - 1} and returns when the broker has them. */
    static void write(KafkaSettings kafka, Topic topic, long from, long to, LongFunction<Entry> entries) {
        Properties properties = kafka.producer();
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = from; i < to; i++) {
                Entry entry = entries.apply(i);
                producer.send(new ProducerRecord<>(kafka.name(topic), 0, entry.key(), entry.value()));
            }
            producer.flush();
        }
    }
}
