package io.millrace.serving.rank;

import io.millrace.record.Decision;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the cache of answers from the tail of {@code decisions}, so that a restart does not forget what callers were told:
 * the last {@link AnswerCache#KEPT}, at most {@value #MAX_RECORDS} records.
 */
final class AnswerRefill {
    static final long MAX_RECORDS = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(AnswerRefill.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private AnswerRefill() {}

    /** Returns when the tail is read, or, with a warning, when that takes too long. */
    static void run(KafkaSettings kafka, RecordReader reader, Clock clock, AnswerCache answers) {
        TopicPartition partition = new TopicPartition(kafka.name(Topic.DECISIONS), 0);
        Codec<Decision> codec = reader.codec(Decision.class);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(kafka)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            consumer.seek(partition, start(consumer, partition, end, clock));
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> consumed : consumer.poll(POLL)) {
                    reader.read(codec, consumed).ifPresent(decision -> remember(decision, answers));
                }
                if (System.nanoTime() > deadline) {
                    LOG.warn(
                            "decisions: at offset {} after {} (expected: {}); older retries will be decided anew",
                            consumer.position(partition),
                            TIMEOUT,
                            end);
                    return;
                }
            }
        }
        LOG.info("answers to {} request ids remembered from decisions", answers.size());
    }

    private static long start(Consumer<byte[], byte[]> consumer, TopicPartition partition, long end, Clock clock) {
        long since = clock.millis() - AnswerCache.KEPT.toMillis();
        @Nullable
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(partition, since)).get(partition);
        return first == null ? end : Math.max(first.offset(), end - MAX_RECORDS);
    }

    private static void remember(Decision decision, AnswerCache answers) {
        if (decision.getRequestId() != null) {
            answers.first(decision.getRequestId(), () -> Answer.of(decision));
        }
    }
}
