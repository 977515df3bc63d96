package io.millrace.trainer.job;

import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The mistake of a job that goes on one example too early: what the last before a checkpoint taught is learned twice. Only there
 * to show that a verification finds it.
 */
final class TooEarly {
    /** Between two examples there may be markers of transactions. */
    static final int OFFSETS = 4;

    private static final Duration POLL = Duration.ofSeconds(10);

    private TooEarly() {}

    /** @param learner was restored by {@link #OFFSETS} too early */
    static void learnAgain(KafkaSettings kafka, ShardLearner learner) {
        TopicPartition partition = new TopicPartition(kafka.name(Topic.EXAMPLES), learner.shard());
        long to = learner.offset() + OFFSETS;
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, learner.offset());
            ConsumerRecord<byte[], byte[]> last = null;
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.offset() < to) {
                    last = read;
                }
            }
            if (last != null) {
                learner.learn(last.offset(), last.value(), 0, last.value().length);
            }
        }
    }
}
