package io.millrace.serving.rank;

import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes decisions, without waiting. One that could not be written is counted and never enters training. One that could become
 * larger than a record may be is written without the candidates that were not shown, at rate 0, which is what it then tells; that is
 * counted, too. Whether it could does not depend on which were drawn: else the rate would be that of small draws only. Safe for use
 * by several threads.
 */
final class DecisionLog {
    private final LogProducer producer;
    private final RankMetrics metrics;
    private final Codec<Decision> codec = Codec.of(Decision.class);

    DecisionLog(LogProducer producer, RankMetrics metrics) {
        this.producer = producer;
        this.metrics = metrics;
    }

    /**
     * Returns whether there was room for it.
     *
     * @param unshownBytes what the candidates that were not shown may take, whichever are drawn
     */
    boolean write(Decision decision, long unshownBytes) {
        byte[] key = decision.getId().getBytes(StandardCharsets.UTF_8);
        List<Candidate> unshown = decision.getUnshown();
        decision.setUnshown(List.of());
        byte[] value = codec.encode(decision);
        if (unshownBytes > 0) {
            decision.setUnshown(unshown);
            byte[] whole = codec.encode(decision);
            if (producer.fits(key.length + value.length + unshownBytes) && producer.fits(key.length + whole.length)) {
                value = whole;
            } else {
                decision.setUnshown(List.of());
                decision.setUnshownRate(0.0);
                metrics.unshownLeftOut();
                value = codec.encode(decision);
            }
        }
        if (!producer.fits(key.length + value.length)) {
            metrics.logFailed(Topic.DECISIONS);
            return false;
        }
        return producer.send(Topic.DECISIONS, key, value, () -> metrics.logFailed(Topic.DECISIONS));
    }
}
