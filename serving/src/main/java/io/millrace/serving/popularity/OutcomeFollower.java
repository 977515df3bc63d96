package io.millrace.serving.popularity;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordReader;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts the outcomes that closed their slot's label, from the beginning of the topic on, and puts right those that others replace. Outcomes of another feature set
 * are passed over: their keys mean something else.
 */
public final class OutcomeFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final Follower follower;
    private final RecordReader reader;

    private OutcomeFollower(Follower follower, RecordReader reader) {
        this.follower = follower;
        this.reader = reader;
    }

    /** Starts the thread that counts into {@code rates}. */
    public static OutcomeFollower start(
            PipelineSpec spec, KafkaSettings kafka, DeadLetters deadLetters, Runnable onDeadLetter, RewardRates rates) {
        RecordReader reader = new RecordReader(kafka, deadLetters, onDeadLetter);
        Counting counting = new Counting(spec, kafka, reader, rates);
        return new OutcomeFollower(Follower.start("popularity", kafka, () -> counting), reader);
    }

    @Override
    public void close() {
        follower.close();
        reader.close();
    }

    private static final class Counting implements Follower.Task {
        private final TopicPartition partition;
        private final RecordReader reader;
        private final RewardRates rates;
        private final PopularityKey key;
        private final FeatureSet featureSet;
        private final FeatureVector vector;
        private final Codec<Outcome> codec;
        private long next;
        /** Labels from before that are no longer in the topic, and were not counted. */
        private long firstMicros = Long.MAX_VALUE;

        Counting(PipelineSpec spec, KafkaSettings kafka, RecordReader reader, RewardRates rates) {
            this.partition = new TopicPartition(kafka.name(Topic.OUTCOMES), 0);
            this.reader = reader;
            this.rates = rates;
            this.key = new PopularityKey(spec);
            this.featureSet = spec.featureSet();
            this.vector = new FeatureVector(featureSet);
            this.codec = reader.codec(Outcome.class);
        }

        @Override
        public void open(Consumer<byte[], byte[]> consumer) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, next);
        }

        @Override
        public void run(Consumer<byte[], byte[]> consumer) {
            for (ConsumerRecord<byte[], byte[]> consumed : consumer.poll(POLL)) {
                reader.read(codec, consumed).ifPresent(outcome -> count(consumed, outcome));
                next = consumed.offset() + 1;
            }
        }

        private void count(ConsumerRecord<byte[], byte[]> consumed, Outcome outcome) {
            ReplacedLabel replaced = outcome.getReplaced();
            if (!outcome.getClosed() && replaced == null || outcome.getFeatureSetVersion() != featureSet.version()) {
                return;
            }
            try {
                vector.unpack(outcome.getFeatures());
            } catch (MalformedVectorException e) {
                reader.reject(consumed, e.getMessage());
                return;
            }
            if (!Double.isFinite(outcome.getReward())) {
                reader.reject(consumed, "reward: " + outcome.getReward() + " (expected: a finite number)");
                return;
            }
            long counted = key.of(outcome.getItem(), vector);
            if (outcome.getClosed()) {
                rates.add(counted, outcome.getReward());
                firstMicros = Math.min(firstMicros, outcome.getTimeMicros());
            } else if (replaced.getTimeMicros() >= firstMicros) {
                rates.correct(counted, outcome.getReward() - replaced.getReward());
            }
        }
    }
}
