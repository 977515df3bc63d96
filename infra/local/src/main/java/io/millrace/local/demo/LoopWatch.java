package io.millrace.local.demo;

import io.millrace.record.Example;
import io.millrace.record.Metric;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Watches the loop from outside, as any consumer could: at which offset each label entered the examples, and what
 * progressive validation says. It goes on where it was when the broker was away. One daemon thread of its own; the accessors
 * may be called by any.
 */
final class LoopWatch implements AutoCloseable {
    /** The series in which the trainer publishes progressive validation. */
    private static final String PROGRESSIVE = "progressive";

    private static final Duration POLL = Duration.ofMillis(20);

    private final Watching watching;
    private final Follower follower;

    private LoopWatch(Watching watching, Follower follower) {
        this.watching = watching;
        this.follower = follower;
    }

    /** Starts watching whatever comes from now on. */
    static LoopWatch start(KafkaSettings kafka, FreshnessMeter freshness) {
        Watching watching = new Watching(kafka, freshness);
        return new LoopWatch(watching, Follower.start("demo-watch", kafka, () -> watching));
    }

    /** The newest figures of progressive validation by their names; empty before the first. */
    Map<String, Double> progressive() {
        return watching.progressive;
    }

    @Override
    public void close() {
        follower.close();
    }

    private static final class Watching implements Follower.Task {
        private final String examplesTopic;
        private final FreshnessMeter freshness;
        private final Map<TopicPartition, Long> next;
        private final Codec<Example> examples = Codec.of(Example.class);
        private final Codec<Metric> metrics = Codec.of(Metric.class);
        private volatile Map<String, Double> progressive = Map.of();

        Watching(KafkaSettings kafka, FreshnessMeter freshness) {
            this.examplesTopic = kafka.name(Topic.EXAMPLES);
            this.freshness = freshness;
            try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka)) {
                this.next = new HashMap<>(consumer.endOffsets(List.of(
                        new TopicPartition(examplesTopic, 0), new TopicPartition(kafka.name(Topic.METRICS), 0))));
            }
        }

        @Override
        public void open(Consumer<byte[], byte[]> consumer) {
            consumer.assign(next.keySet());
            next.forEach(consumer::seek);
        }

        @Override
        public void run(Consumer<byte[], byte[]> consumer) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                see(read);
                next.put(new TopicPartition(read.topic(), read.partition()), read.offset() + 1);
            }
        }

        private void see(ConsumerRecord<byte[], byte[]> read) {
            if (read.topic().equals(examplesTopic)) {
                Example example = decode(examples, read.value());
                if (example != null) {
                    freshness.example(
                            example.getDecisionId() + "/" + example.getSlot(), read.offset(), example.getReward() > 0);
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
    }
}
