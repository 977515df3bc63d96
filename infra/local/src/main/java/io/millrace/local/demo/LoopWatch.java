package io.millrace.local.demo;

import io.millrace.record.Example;
import io.millrace.record.Metric;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the loop from outside, as any consumer could: at which offset each label entered the examples, and what
 * progressive validation says. One daemon thread of its own; the accessors may be called by any.
 */
final class LoopWatch implements AutoCloseable {
    /** The series in which the trainer publishes progressive validation. */
    private static final String PROGRESSIVE = "progressive";

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaSettings kafka;
    private final FreshnessMeter freshness;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Codec<Example> examples = Codec.of(Example.class);
    private final Codec<Metric> metrics = Codec.of(Metric.class);
    private final Thread thread;
    private volatile Map<String, Double> progressive = Map.of();
    private volatile boolean closed;

    private LoopWatch(KafkaSettings kafka, FreshnessMeter freshness) {
        this.kafka = kafka;
        this.freshness = freshness;
        this.consumer = new KafkaConsumer<>(kafka.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::watch, "millrace-demo-watch");
        thread.setDaemon(true);
    }

    /** Starts watching whatever comes from now on. */
    static LoopWatch start(KafkaSettings kafka, FreshnessMeter freshness) {
        LoopWatch watch = new LoopWatch(kafka, freshness);
        List<TopicPartition> partitions = List.of(
                new TopicPartition(kafka.name(Topic.EXAMPLES), 0), new TopicPartition(kafka.name(Topic.METRICS), 0));
        watch.consumer.assign(partitions);
        watch.consumer.seekToEnd(partitions);
        partitions.forEach(watch.consumer::position);
        watch.thread.start();
        return watch;
    }

    /** The newest figures of progressive validation by their names; empty before the first. */
    Map<String, Double> progressive() {
        return progressive;
    }

    private void watch() {
        try (consumer) {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    see(read);
                }
            }
        } catch (WakeupException e) {
            LOG.debug("woken up to close");
        } catch (KafkaException e) {
            LOG.warn("the demo no longer sees the loop: {}", e.toString());
        }
    }

    private void see(ConsumerRecord<byte[], byte[]> read) {
        if (read.topic().equals(kafka.name(Topic.EXAMPLES))) {
            Example example = decode(examples, read.value());
            if (example != null) {
                freshness.example(example.getDecisionId() + "/" + example.getSlot(), read.offset());
            }
        } else {
            Metric metric = decode(metrics, read.value());
            if (metric != null && metric.getSeries().equals(PROGRESSIVE)) {
                progressive = Map.copyOf(metric.getValues());
            }
        }
    }

    private static <T extends SpecificRecord> @Nullable T decode(Codec<T> codec, byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : codec.decode(bytes);
        } catch (WireException e) {
            return null;
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
