package io.millrace.serving.rank;

import io.millrace.record.Decision;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;

/**
 * Writes decisions, without waiting. One that could not be written is counted and never enters training. Safe for use by
 * several threads.
 */
final class DecisionLog {
    private final LogProducer producer;
    private final RankMetrics metrics;
    private final Codec<Decision> codec = Codec.of(Decision.class);

    DecisionLog(LogProducer producer, RankMetrics metrics) {
        this.producer = producer;
        this.metrics = metrics;
    }

    /** Returns whether there was room for it. */
    boolean write(Decision decision) {
        byte[] key = decision.getId().getBytes(StandardCharsets.UTF_8);
        return producer.send(Topic.DECISIONS, key, codec.encode(decision), () -> metrics.logFailed(Topic.DECISIONS));
    }
}
