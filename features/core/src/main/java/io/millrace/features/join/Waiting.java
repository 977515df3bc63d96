package io.millrace.features.join;

import io.millrace.features.join.state.JoinState;
import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.WaitingFeedback;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
        PendingDecision decision = Requests.find(join.getDecisions(), feedback);
        if (decision == null) {
            out.count(JoinCount.EARLY);
            join.getWaiting().add(waiting(feedback, place, watermarkMicros));
            return;
        }
        Verdict verdict = slate.take(decision, feedback, out);
        if (verdict instanceof Verdict.Held) {
            join.getWaiting().add(waiting(feedback, place, watermarkMicros));
            return;
        }
        if (verdict instanceof Verdict.Refused refused) {
            refuse(place, codec.encode(feedback), refused, out);
        }
        takeUp(out);
    }

    private WaitingFeedback waiting(Feedback feedback, Place place, long watermarkMicros) {
        return new WaitingFeedback(
                feedback.getTimeMicros(),
                ByteBuffer.wrap(codec.encode(feedback)),
                place.partition(),
                place.offset(),
                watermarkMicros > feedback.getTimeMicros() ? watermarkMicros : null);
    }

    /** Takes all feedback whose wait is over, since a decision has come or its label is closed. */
    void takeUp(JoinOutput out) {
        if (join.getWaiting().isEmpty()) {
            return;
        }
        List<WaitingFeedback> all = List.copyOf(join.getWaiting());
        join.getWaiting().clear();
        for (WaitingFeedback waiting : all) {
            Feedback feedback = codec.decode(bytes(waiting));
            PendingDecision decision = Requests.find(join.getDecisions(), feedback);
            Verdict verdict = decision == null ? new Verdict.Held() : slate.take(decision, feedback, out);
            if (verdict instanceof Verdict.Held) {
                join.getWaiting().add(waiting);
            } else if (verdict instanceof Verdict.Refused refused) {
                refuse(place(waiting), bytes(waiting), refused, out);
            }
        }
    }

    /** Gives up on feedback that has waited long enough. */
    void expire(long timeMicros, JoinOutput out) {
        List<WaitingFeedback> overdue = new ArrayList<>(0);
        join.getWaiting().removeIf(waiting -> horizons.deadline(waiting) <= timeMicros && overdue.add(waiting));
        for (WaitingFeedback waiting : overdue) {
            String reason = reasons.unknownDecision(codec.decode(bytes(waiting)));
            refuse(place(waiting), bytes(waiting), new Verdict.Refused(JoinCount.UNMATCHED, reason), out);
        }
    }

    private static void refuse(Place place, byte[] feedback, Verdict.Refused refused, JoinOutput out) {
        out.count(refused.as());
        out.deadLetter(Topic.FEEDBACK, place, feedback, refused.reason());
    }

    private static Place place(WaitingFeedback waiting) {
        return new Place(waiting.getPartition(), waiting.getOffset());
    }

    private static byte[] bytes(WaitingFeedback waiting) {
        ByteBuffer buffer = waiting.getBytes().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
