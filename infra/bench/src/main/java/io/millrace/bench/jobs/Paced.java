package io.millrace.bench.jobs;

import io.millrace.bench.jobs.Backlog.Entry;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records at a rate, each as soon as it is due and with no wait for others, as serving and the collector do. */
final class Paced implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;

    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;

    Paced(KafkaSettings kafka) {
        this.kafka = kafka;
        Properties properties = kafka.producer();
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "0");
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A topic's records by their number. */
    record Stream(Topic topic, LongFunction<Entry> entries) {}

    /** Writes number 0 to {@code count - 1} of each and returns how many seconds that took. */
    double write(long count, double perSecond, Stream... streams) {
        long begin = System.nanoTime();
        for (long n = 0; n < count; n++) {
            long due = begin + (long) (n * SECOND / perSecond);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            for (Stream stream : streams) {
                Entry entry = stream.entries().apply(n);
                producer.send(new ProducerRecord<>(kafka.name(stream.topic()), 0, entry.key(), entry.value()));
            }
        }
        producer.flush();
        return (System.nanoTime() - begin) / (double) SECOND;
    }

    @Override
    public void close() {
        producer.close();
    }
}
