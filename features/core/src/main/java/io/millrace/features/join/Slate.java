package io.millrace.features.join;

import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.features.join.state.Phase;
import io.millrace.features.join.state.Standing;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Feedback;
import java.util.List;

/** The slots of one decision: what feedback and the end of the window do to them. */
final class Slate {
    private final FeedbackSpec spec;
    private final Horizons horizons;
    private final Reasons reasons;
    private final Labels labels;

    Slate(FeedbackSpec spec, Horizons horizons, Reasons reasons) {
        this.spec = spec;
        this.horizons = horizons;
        this.reasons = reasons;
        this.labels = new Labels(new Sample(spec.sample()));
    }

    Verdict take(PendingDecision decision, Feedback feedback, JoinOutput out) {
        SlotChoice choice = SlotChoice.of(feedback, decision);
        if (choice instanceof SlotChoice.Chosen chosen) {
            return take(decision, chosen.slot(), feedback, out);
        }
        return new Verdict.Refused(
                JoinCount.AMBIGUOUS, ((SlotChoice.Refused) choice).problem().toString());
    }

    private Verdict take(PendingDecision decision, int slot, Feedback feedback, JoinOutput out) {
        PendingSlot pending = decision.getSlots().get(slot);
        if (feedback.getTimeMicros() > horizons.last(decision.getTimeMicros())) {
            return new Verdict.Refused(JoinCount.EXPIRED, reasons.tooLate(feedback, decision.getTimeMicros()));
        }
        double reward = pending.getReward() + spec.rewardOf(feedback.getKind(), feedback.getValue());
        if (!Double.isFinite(reward)) {
            return new Verdict.Refused(JoinCount.INVALID, Reasons.value(feedback));
        }
        decision.setStanding(standing(decision, feedback));
        if (decision.getPhase() == Phase.SUPERSEDED) {
            closeSlots(decision, out);
        }
        if (pending.getLabel() == null && feedback.getTimeMicros() > horizons.close(decision)) {
            return new Verdict.Held();
        }
        pending.setReward(reward);
        out.count(JoinCount.MATCHED);
        boolean closes = pending.getLabel() == null && isFinal(feedback);
        if (closes) {
            labels.close(decision, slot, feedback.getTimeMicros(), out);
            if (decision.getSlots().stream().allMatch(other -> other.getLabel() != null)) {
                decision.setPhase(Phase.CLOSED);
            }
        } else if (pending.getLabel() != null) {
            correct(decision, slot, feedback, out);
        }
        out.outcome(Labels.outcome(
                decision,
                slot,
                feedback.getId(),
                feedback.getKind(),
                feedback.getValue(),
                closes,
                feedback.getTimeMicros()));
        return new Verdict.Taken();
    }

    private static void correct(PendingDecision decision, int slot, Feedback feedback, JoinOutput out) {
        PendingSlot pending = decision.getSlots().get(slot);
        out.count(JoinCount.LATE);
        if (pending.getReward() != pending.getLabel()) {
            out.count(JoinCount.CORRECTED);
            Labels.correct(decision, slot, feedback.getTimeMicros(), out);
        }
    }

    /** Gives the open slots their labels, unless another decision about the same request counts. */
    void closeWindow(PendingDecision decision, List<PendingDecision> decisions, JoinOutput out) {
        if (Requests.isSuperseded(decision, decisions)) {
            decision.setPhase(Phase.SUPERSEDED);
            out.count(JoinCount.SUPERSEDED);
        } else {
            closeSlots(decision, out);
        }
    }

    private void closeSlots(PendingDecision decision, JoinOutput out) {
        decision.setPhase(Phase.CLOSED);
        long time = horizons.close(decision);
        for (int slot = 0; slot < decision.getSlots().size(); slot++) {
            if (decision.getSlots().get(slot).getLabel() == null) {
                labels.close(decision, slot, time, out);
                String id = decision.getId() + "/" + slot;
                out.outcome(Labels.outcome(decision, slot, id, Labels.WINDOW, 1.0, true, time));
            }
        }
    }

    private boolean isFinal(Feedback feedback) {
        return feedback.getFinal$() || spec.finalKinds().contains(feedback.getKind());
    }

    private static Standing standing(PendingDecision decision, Feedback feedback) {
        boolean named = feedback.getDecisionId() != null || decision.getStanding() == Standing.NAMED;
        return named ? Standing.NAMED : Standing.FED;
    }
}
