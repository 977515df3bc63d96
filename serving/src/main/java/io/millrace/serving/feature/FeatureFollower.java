package io.millrace.serving.feature;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** Follows {@code feature-values} from the beginning, and keeps the newest values of each entity. */
public final class FeatureFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final FeatureStore store;
    private final Following following;
    private final Follower follower;
    private final RecordReader reader;

    private FeatureFollower(FeatureStore store, Following following, Follower follower, RecordReader reader) {
        this.store = store;
        this.following = following;
        this.follower = follower;
        this.reader = reader;
    }

    /**
     * Starts the thread.
     *
     * @param maxBytes the bound on the memory that values take, about
     * @param producer sends alerts
     */
    public static FeatureFollower start(
            PipelineSpec spec,
            KafkaSettings kafka,
            DeadLetters deadLetters,
            Runnable onDeadLetter,
            long maxBytes,
            Producer<byte[], byte[]> producer,
            Clock clock,
            MeterRegistry registry) {
        FeatureMetrics metrics = new FeatureMetrics(registry, kafka, producer, clock);
        FeatureStore store = new FeatureStore(spec, maxBytes, metrics);
        metrics.watch(store);
        RecordReader reader = new RecordReader(kafka, deadLetters, onDeadLetter);
        Following following = new Following(kafka, reader, store);
        return new FeatureFollower(store, following, Follower.start("features", kafka, () -> following), reader);
    }

    /** The values as they are now, at one position of the topic; for one decision. */
    public EntitySource view() {
        return store.view();
    }

    /** Whether the store has all that was published before the start. */
    public boolean isReady() {
        return following.hasCaughtUp;
    }

    @Override
    public void close() {
        follower.close();
        reader.close();
    }

    private static final class Following implements Follower.Task {
        private final TopicPartition partition;
        private final RecordReader reader;
        private final FeatureStore store;
        private final Codec<FeatureValues> codec;
        private long next;
        private long reached;
        private long catchUpTo;
        private volatile boolean hasCaughtUp;

        Following(KafkaSettings kafka, RecordReader reader, FeatureStore store) {
            this.partition = new TopicPartition(kafka.name(Topic.FEATURE_VALUES), 0);
            this.reader = reader;
            this.store = store;
            this.codec = reader.codec(FeatureValues.class);
        }

        @Override
        public void open(Consumer<byte[], byte[]> consumer) {
            consumer.assign(List.of(partition));
            catchUpTo = consumer.endOffsets(List.of(partition)).get(partition);
            consumer.seek(partition, next);
            hasCaughtUp |= next >= catchUpTo;
        }

        @Override
        public void run(Consumer<byte[], byte[]> consumer) {
            for (ConsumerRecord<byte[], byte[]> consumed : consumer.poll(POLL)) {
                take(consumed);
                next = consumed.offset() + 1;
            }
            if (next > reached) {
                store.reached(next);
                reached = next;
            }
            hasCaughtUp |= consumer.position(partition) >= catchUpTo;
        }

        private void take(ConsumerRecord<byte[], byte[]> consumed) {
            String key = new String(consumed.key(), StandardCharsets.UTF_8);
            int slash = key.lastIndexOf('/');
            long entity;
            try {
                entity = Long.parseUnsignedLong(key.substring(slash + 1), 16);
            } catch (NumberFormatException e) {
                reader.reject(consumed, "key: " + key + " (expected: features/entity in hex)");
                return;
            }
            if (consumed.value() == null) {
                store.remove(key.substring(0, Math.max(0, slash)), entity);
            } else {
                reader.read(codec, consumed).ifPresent(value -> store.put(entity, value));
            }
        }
    }
}
