package io.millrace.serving.feature;

import io.millrace.record.FeatureValues;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Follows {@code feature-values} from the beginning into a {@link FeatureStore}. */
public final class FeatureFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final Following following;
    private final Follower follower;
    private final RecordReader reader;

    private FeatureFollower(Following following, Follower follower, RecordReader reader) {
        this.following = following;
        this.follower = follower;
        this.reader = reader;
    }

    /** Starts the thread that puts into {@code store}. */
    public static FeatureFollower start(
            KafkaSettings kafka, DeadLetters deadLetters, Runnable onDeadLetter, FeatureStore store) {
        RecordReader reader = new RecordReader(kafka, deadLetters, onDeadLetter);
        Following following = new Following(kafka, reader, store);
        return new FeatureFollower(following, Follower.start("features", kafka, () -> following), reader);
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
