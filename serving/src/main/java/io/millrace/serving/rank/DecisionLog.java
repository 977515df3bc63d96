package io.millrace.serving.rank;

import io.millrace.record.Decision;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes decisions, without waiting. One that could not be written is counted and never enters training. One that is larger
 * than a record may be is written without the candidates that were not shown, at rate 0, which is what it then tells; that is
 * counted, too. Safe for use by several threads.
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
        byte[] value = codec.encode(decision);
        if (!producer.fits(key, value) && !decision.getUnshown().isEmpty()) {
            decision.setUnshown(List.of());
            decision.setUnshownRate(0.0);
            metrics.unshownLeftOut();
            value = codec.encode(decision);
        }
        if (!producer.fits(key, value)) {
            metrics.logFailed(Topic.DECISIONS);
            return false;
        }
        return producer.send(Topic.DECISIONS, key, value, () -> metrics.logFailed(Topic.DECISIONS));
    }
}
