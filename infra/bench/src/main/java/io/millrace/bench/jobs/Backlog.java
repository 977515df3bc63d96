package io.millrace.bench.jobs;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records that lie in their topics, of one partition, before whoever reads them starts. Not thread-safe. */
final class Backlog implements AutoCloseable {
    private static final String LINGER_MS = "20";
    private static final String BATCH_BYTES = Integer.toString(256 << 10);
    private static final Duration AGE = Duration.ofMinutes(1);

    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;

    Backlog(KafkaSettings kafka) {
        this.kafka = kafka;
        Properties properties = kafka.producer();
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A record of a backlog. */
    record Entry(byte[] key, byte[] value, long timeMicros) {}

    /** So that what happened then was recorded a minute ago: a backlog, and none that is old enough to be deleted. */
    static Duration shift(Entry last) {
        return Duration.ofMillis(System.currentTimeMillis() - last.timeMicros() / 1000)
                .minus(AGE);
    }

    /**
     * Writes the first {@code count} records, and returns when the broker has them.
     *
     * @param shift from when a record says that it happened to when it says that it was recorded
     */
    void write(Topic topic, long count, LongFunction<Entry> entries, Duration shift) {
        for (long i = 0; i < count; i++) {
            Entry entry = entries.apply(i);
            send(topic, entry, entry.timeMicros() / 1000 + shift.toMillis());
        }
        producer.flush();
    }

    /** Writes one more, as recorded now. */
    void add(Topic topic, Entry entry) {
        send(topic, entry, System.currentTimeMillis());
    }

    private void send(Topic topic, Entry entry, long recordedMillis) {
        producer.send(new ProducerRecord<>(kafka.name(topic), 0, recordedMillis, entry.key(), entry.value()));
    }

    @Override
    public void close() {
        producer.close();
    }
}
