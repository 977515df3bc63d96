package io.millrace.serving.rank;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to Kafka without ever making a ranking thread wait: a record goes into a queue whose bytes are bounded, or fails at
 * once, and a thread of its own hands what is queued to the producer in its order. What the brokers do not take is tried for
 * two minutes. A record is written once, or its failure is told.
 *
 * <p><b>Why a thread.</b> A producer that has lost all brokers forgets where the partitions are, and from then on every call
 * to send waits for them, and fails, however much room there is.
 *
 * <p>Safe for use by several threads.
 */
public final class LogProducer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogProducer.class);
    private static final long BUFFER_BYTES = 64L << 20;
    /** Queued, or not acknowledged yet; below the buffer's size, since batches are not always full. */
    private static final long MAX_PENDING_BYTES = BUFFER_BYTES / 2;

    /** At most what a batch and a record have beside key and value. */
    private static final int OVERHEAD_BYTES = 128;

    private static final int MAX_BLOCK_MS = 1_000;
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private record Waiting(ProducerRecord<byte[], byte[]> record, int size, long since, Runnable onFailure) {}

    private final KafkaSettings kafka;
    private final Producer<byte[], byte[]> producer;
    private final int maxRecordBytes;
    private final AtomicLong pending = new AtomicLong();
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    /** Queued, or on its way to the producer. */
    private final AtomicInteger unsent = new AtomicInteger();

    private final Thread sender = new Thread(this::sendQueued, "millrace-decision-log");
    private volatile boolean closing;

    public LogProducer(KafkaSettings kafka) {
        this(kafka, new KafkaProducer<>(settings(kafka), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    LogProducer(KafkaSettings kafka, Producer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.producer = producer;
        this.maxRecordBytes = maxRequestBytes(kafka) - OVERHEAD_BYTES;
        sender.setDaemon(true);
        sender.start();
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

    private static int maxRequestBytes(KafkaSettings kafka) {
        Object given = settings(kafka)
                .getOrDefault(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        ProducerConfig.configDef().defaultValues().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        return Integer.parseInt(given.toString().trim());
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

    /** Whether a record, key and value, is small enough for a request, as {@code max.request.size} among the producer's settings bounds them. */
    boolean fits(long bytes) {
        return bytes <= maxRecordBytes;
    }

    /**
     * Has a record sent; {@code onFailure} runs, on any thread, if it could not be written.
     *
     * @return whether there was room for it
     */
    boolean send(Topic topic, byte[] key, byte[] value, Runnable onFailure) {
        int size = key.length + value.length;
        if (pending.addAndGet(size) > MAX_PENDING_BYTES || closing) {
            pending.addAndGet(-size);
            onFailure.run();
            return false;
        }
        unsent.incrementAndGet();
        queue.add(new Waiting(new ProducerRecord<>(kafka.name(topic), key, value), size, System.nanoTime(), onFailure));
        return true;
    }

    private void sendQueued() {
        try {
            while (true) {
                Waiting next = queue.take();
                while (!isTaken(next)) {
                    LOG.debug("{}: the brokers cannot be reached; trying again", next.record.topic());
                }
                unsent.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the producer has taken the record, or has had its time to do so. */
    private boolean isTaken(Waiting next) throws InterruptedException {
        AtomicBoolean again = new AtomicBoolean();
        try {
            producer.send(next.record, (metadata, failure) -> {
                // What fails in this thread never got as far as the producer's buffer.
                if (Thread.currentThread() == sender
                        && failure instanceof RetriableException
                        && System.nanoTime() - next.since < PATIENCE_NANOS
                        && !closing) {
                    again.set(true);
                } else {
                    over(next, failure);
                }
            });
        } catch (InterruptException e) {
            over(next, e);
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException | IllegalStateException e) {
            over(next, e);
        }
        return !again.get();
    }

    private void over(Waiting waiting, @Nullable Exception failure) {
        pending.addAndGet(-waiting.size);
        if (failure != null) {
            LOG.debug("{}: not written: {}", waiting.record.topic(), failure.toString());
            waiting.onFailure.run();
        }
    }

    /** Waits until the producer has all that was queued, or the time is over. */
    void awaitSent(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (unsent.get() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** The producer itself, for dead letters; it is closed with this. */
    public Producer<byte[], byte[]> producer() {
        return producer;
    }

    /** Waits some seconds for what is not written yet. */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE.toNanos();
        try {
            awaitSent(CLOSE);
            closing = true;
            producer.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            sender.interrupt();
            sender.join();
        } catch (InterruptedException e) {
            producer.close(Duration.ZERO);
            Thread.currentThread().interrupt();
        }
        for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
            over(left, new TimeoutException("closed"));
        }
    }
}
