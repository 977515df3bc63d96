package io.millrace.serving.rank;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to Kafka without ever making a ranking thread wait for it: what cannot be buffered at once fails at once, and what
 * was buffered is tried for two minutes. A record is written once, or its failure is told.
 *
 * <p>Safe for use by several threads.
 */
public final class LogProducer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogProducer.class);
    private static final long BUFFER_BYTES = 64L << 20;
    /** Below the buffer's size, since batches are not always full: past it, sending would wait for room. */
    private static final long MAX_PENDING_BYTES = BUFFER_BYTES / 2;

    private static final int MAX_BLOCK_MS = 20;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;
    private final AtomicLong pending = new AtomicLong();

    public LogProducer(KafkaSettings kafka) {
        this(kafka, new KafkaProducer<>(settings(kafka), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    LogProducer(KafkaSettings kafka, Producer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.producer = producer;
    }

    private static Properties settings(KafkaSettings kafka) {
        Properties settings = kafka.producer();
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
        settings.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(BUFFER_BYTES));
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(MAX_BLOCK_MS));
        settings.putIfAbsent(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                Long.toString(Duration.ofDays(30).toMillis()));
        return settings;
    }

    /**
     * Learns where the topics' partitions are, so that the first record need not wait for that.
     *
     * @throws TimeoutException if Kafka does not tell in time
     */
    public void warmUp(Duration timeout, Topic... topics) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (Topic topic : topics) {
            boolean known = false;
            while (!known) {
                try {
                    known = !producer.partitionsFor(kafka.name(topic)).isEmpty();
                } catch (TimeoutException e) {
                    if (System.nanoTime() > deadline) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Sends a record; {@code onFailure} runs, on any thread, if it could not be written. */
    void send(Topic topic, byte[] key, byte[] value, Runnable onFailure) {
        int size = key.length + value.length;
        if (pending.addAndGet(size) > MAX_PENDING_BYTES) {
            pending.addAndGet(-size);
            onFailure.run();
            return;
        }
        try {
            producer.send(new ProducerRecord<>(kafka.name(topic), key, value), (metadata, failure) -> {
                pending.addAndGet(-size);
                if (failure != null) {
                    LOG.debug("{}: not written: {}", topic.text(), failure.toString());
                    onFailure.run();
                }
            });
        } catch (KafkaException e) {
            LOG.debug("{}: not written: {}", topic.text(), e.toString());
            pending.addAndGet(-size);
            onFailure.run();
        }
    }

    /** The producer itself, for dead letters; it is closed with this. */
    public Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Waits some seconds for what is not written yet. */
    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
