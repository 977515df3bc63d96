package io.millrace.features.join;

import io.millrace.features.join.state.JoinState;
import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.features.join.state.Phase;
import io.millrace.features.join.state.Standing;
import io.millrace.features.join.state.WaitingFeedback;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Joins decisions with their feedback: one label a slot.
 *
 * <p>A label is made of the rewards of distinct feedback ({@link io.millrace.features.spec.LabelSpec}). It closes with a final feedback, or when event time reaches the
 * decision's time plus the window; a slot without feedback is a negative then, or where exposure is told, unlabelled until there is some. Feedback that comes later, up to the
 * decision's time plus {@code late}, makes a correction if it changes the label. Feedback from beyond the window that is read
 * before event time gets there waits for the label to close, so that catching up with a backlog labels as living through it
 * does. Feedback that comes before its decision waits for it for the window: from its own time on, or from the event time at
 * which it is read, if that is later.
 *
 * <p>Each call is given the state of one join key (see {@link io.millrace.wire.DecisionIds}), changes it and tells whether it did.
 * Then it is due at {@link #next}: whoever keeps it calls {@link #onTime} when event time gets there. Calls at other times, too, do
 * no harm. To be kept, state is {@linkplain #write written} as bytes in Avro's single-object encoding, so that it outlives upgrades. What the
 * join writes is a function of the calls alone; one step of event time does what many small ones would.
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class DecisionJoin {
    /** How much feedback is taken for one join key, so that no sender makes a state grow without end. */
    static final int MOST_FEEDBACK = 4_000;

    private final Horizons horizons;
    private final Reasons reasons;
    private final Slate slate;
    private final Codec<JoinState> codec = JoinStates.codec();
    private final Codec<Decision> decisions = Codec.of(Decision.class);
    private final Codec<Feedback> feedbacks = JoinStates.feedback();

    public DecisionJoin(FeedbackSpec spec) {
        this.horizons = Horizons.of(spec);
        this.reasons = new Reasons(spec);
        this.slate = new Slate(spec, horizons, reasons);
    }

    /** The state of a key of which nothing is kept. */
    public JoinState begin() {
        return new JoinState(new ArrayList<>(1), new ArrayList<>(1), new ArrayList<>(4));
    }

    /** A state that was kept. */
    public JoinState read(byte[] written) {
        JoinState join = codec.decode(written);
        // The arrays that Avro reads into do not let their elements be removed by a condition.
        join.setDecisions(new ArrayList<>(join.getDecisions()));
        join.setWaiting(new ArrayList<>(join.getWaiting()));
        return join;
    }

    /** The state as bytes, unless it is {@linkplain #isEmpty empty}: then there is nothing to keep. */
    public byte[] write(JoinState join) {
        return codec.encode(join);
    }

    /**
     * Takes a decision, and whatever feedback has waited for it.
     *
     * @param watermarkMicros the event time reached; a decision further behind than {@code late} is a dead letter, since
     *     its labels may have been given already
     * @return whether the state has changed
     */
    public boolean onDecision(JoinState join, Decision decision, Place place, long watermarkMicros, JoinOutput out) {
        if (horizons.last(decision.getTimeMicros()) <= watermarkMicros) {
            out.count(JoinCount.EXPIRED);
            String reason = reasons.tooLate(decision, watermarkMicros);
            out.deadLetter(Topic.DECISIONS, place, decisions.encode(decision), reason);
            return false;
        }
        if (Requests.byId(join.getDecisions(), decision.getId()) != null) {
            out.count(JoinCount.REPEATED_DECISION);
            return false;
        }
        join.getDecisions().add(pending(decision));
        waiting(join).takeUp(out);
        return true;
    }

    /**
     * Takes feedback about a decision that is here or yet to come; that of one which was not logged is told and forgotten.
     *
     * @param watermarkMicros the event time reached
     * @return whether the state has changed
     */
    public boolean onFeedback(JoinState join, Feedback feedback, Place place, long watermarkMicros, JoinOutput out) {
        String named = feedback.getDecisionId();
        if (named != null && DecisionIds.isUnlogged(named)) {
            out.count(JoinCount.UNLOGGED);
            out.deadLetter(Topic.FEEDBACK, place, feedbacks.encode(feedback), Reasons.unlogged(feedback));
            return false;
        }
        if (join.getSeen().contains(feedback.getId())) {
            out.count(JoinCount.REPEATED);
            return false;
        }
        if (join.getSeen().size() >= MOST_FEEDBACK) {
            out.count(JoinCount.EXCESSIVE);
            out.deadLetter(Topic.FEEDBACK, place, feedbacks.encode(feedback), Reasons.excessive(feedback));
            return false;
        }
        join.getSeen().add(feedback.getId());
        waiting(join).arrive(feedback, place, watermarkMicros, out);
        return true;
    }

    /**
     * Closes what is to be closed when event time has come so far.
     *
     * @param timeMicros the event time reached
     * @return whether the state has changed
     */
    public boolean onTime(JoinState join, long timeMicros, JoinOutput out) {
        boolean isChanged = false;
        Waiting waiting = waiting(join);
        for (long next = next(join); next <= timeMicros && !isEmpty(join); next = next(join)) {
            closeWindows(join, waiting, next, out);
            waiting.expire(next, out);
            long reached = next;
            join.getDecisions().removeIf(decision -> wake(decision, join) <= reached);
            isChanged = true;
        }
        return isChanged;
    }

    /** The event time at which something happens to the key, in microseconds; {@code Long.MAX_VALUE} where nothing is kept. */
    public long next(JoinState join) {
        long next = Long.MAX_VALUE;
        for (PendingDecision decision : join.getDecisions()) {
            next = Math.min(next, wake(decision, join));
        }
        for (WaitingFeedback feedback : join.getWaiting()) {
            next = Math.min(next, horizons.deadline(feedback));
        }
        return next;
    }

    private void closeWindows(JoinState join, Waiting waiting, long timeMicros, JoinOutput out) {
        List<PendingDecision> due = new ArrayList<>(1);
        for (PendingDecision decision : join.getDecisions()) {
            if (decision.getPhase() == Phase.OPEN && horizons.close(decision) <= timeMicros) {
                due.add(decision);
            }
        }
        due.sort(Requests.LAST);
        for (PendingDecision decision : due) {
            slate.closeWindow(decision, join.getDecisions(), out);
            waiting.takeUp(out);
        }
    }

    /** When the decision's window closes, or else when it can be forgotten: not before others about its request are closed. */
    private long wake(PendingDecision decision, JoinState join) {
        if (decision.getPhase() == Phase.OPEN) {
            return horizons.close(decision);
        }
        long last = horizons.last(decision.getTimeMicros());
        for (PendingDecision other : join.getDecisions()) {
            if (other.getPhase() == Phase.OPEN && Requests.isOther(other, decision)) {
                last = Math.max(last, horizons.close(other));
            }
        }
        return last;
    }

    private Waiting waiting(JoinState join) {
        return new Waiting(join, horizons, slate, reasons, feedbacks);
    }

    /** Whether nothing is left to keep. */
    public static boolean isEmpty(JoinState join) {
        return join.getDecisions().isEmpty() && join.getWaiting().isEmpty();
    }

    private static PendingDecision pending(Decision decision) {
        ArrayList<PendingSlot> slots = new ArrayList<>(decision.getSlate().size());
        decision.getSlate()
                .forEach(slot -> slots.add(new PendingSlot(
                        slot.getItem(), slot.getFeatures(), slot.getPropensity(), 0.0, null, null, null, null)));
        return new PendingDecision(
                decision.getId(),
                decision.getRequestId(),
                decision.getSubject(),
                decision.getTimeMicros(),
                decision.getFeatureSet(),
                decision.getFeatureSetVersion(),
                decision.getShared(),
                decision.getArm(),
                new HashMap<>(decision.getVariants()),
                Standing.NONE,
                Phase.OPEN,
                slots);
    }
}
