package io.millrace.features.join;

import io.millrace.features.join.state.JoinState;
import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.WaitingFeedback;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.util.List;

/** Feedback of one key, that which arrives and that which waits, in the order of arrival. */
final class Waiting {
    private final JoinState join;
    private final Horizons horizons;
    private final Slate slate;
    private final Reasons reasons;
    private final Codec<Feedback> codec;

    Waiting(JoinState join, Horizons horizons, Slate slate, Reasons reasons, Codec<Feedback> codec) {
        this.join = join;
        this.horizons = horizons;
        this.slate = slate;
        this.reasons = reasons;
        this.codec = codec;
    }

    /**
     * Takes feedback that has just arrived.
     *
     * @param watermarkMicros the event time reached
     */
    void arrive(Feedback feedback, Place place, long watermarkMicros, JoinOutput out) {
        WaitingFeedback arrived = new WaitingFeedback(
                feedback.getTimeMicros(),
                ByteBuffer.wrap(codec.encode(feedback)),
                place.partition(),
                place.offset(),
                watermarkMicros > feedback.getTimeMicros() ? watermarkMicros : null);
        PendingDecision decision = Requests.find(join.getDecisions(), feedback);
        if (decision == null) {
            out.count(JoinCount.EARLY);
            join.getWaiting().add(arrived);
        } else if (!isSettled(arrived, feedback, decision, out)) {
            join.getWaiting().add(arrived);
        } else if (!join.getWaiting().isEmpty()) {
            takeUp(out);
        }
    }

    /** Takes all feedback whose wait is over, since a decision has come or its label is closed. */
    void takeUp(JoinOutput out) {
        List<WaitingFeedback> all = List.copyOf(join.getWaiting());
        join.getWaiting().clear();
        for (WaitingFeedback waiting : all) {
            Feedback feedback = codec.decode(bytes(waiting));
            PendingDecision decision = Requests.find(join.getDecisions(), feedback);
            if (decision == null || !isSettled(waiting, feedback, decision, out)) {
                join.getWaiting().add(waiting);
            }
        }
    }

    /** Gives up on feedback that has waited long enough. */
    void expire(long timeMicros, JoinOutput out) {
        List<WaitingFeedback> overdue = join.getWaiting().stream()
                .filter(waiting -> horizons.deadline(waiting) <= timeMicros)
                .toList();
        join.getWaiting().removeIf(waiting -> horizons.deadline(waiting) <= timeMicros);
        for (WaitingFeedback waiting : overdue) {
            String reason = reasons.unknownDecision(codec.decode(bytes(waiting)));
            refuse(waiting, JoinCount.UNMATCHED, reason, out);
        }
    }

    private boolean isSettled(WaitingFeedback waiting, Feedback feedback, PendingDecision decision, JoinOutput out) {
        Verdict verdict = slate.take(decision, feedback, out);
        if (verdict instanceof Verdict.Refused refused) {
            refuse(waiting, refused.as(), refused.reason(), out);
        }
        return !(verdict instanceof Verdict.Held);
    }

    private static void refuse(WaitingFeedback waiting, JoinCount as, String reason, JoinOutput out) {
        out.count(as);
        Place place = new Place(waiting.getPartition(), waiting.getOffset());
        out.deadLetter(Topic.FEEDBACK, place, bytes(waiting), reason);
    }

    private static byte[] bytes(WaitingFeedback waiting) {
        ByteBuffer buffer = waiting.getBytes().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
