package io.millrace.features.join;

import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.features.join.state.Phase;
import io.millrace.features.join.state.Standing;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelTiming;
import io.millrace.record.Feedback;
import io.millrace.record.ReplacedLabel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The slots of one decision: what feedback and the end of the window do to them. */
final class Slate {
    private final FeedbackSpec spec;
    private final Horizons horizons;
    private final Reasons reasons;
    private final Rewards rewards;
    private final Labels labels;

    Slate(FeedbackSpec spec, Horizons horizons, Reasons reasons) {
        this.spec = spec;
        this.horizons = horizons;
        this.reasons = reasons;
        this.rewards = new Rewards(spec);
        this.labels = new Labels(new Sample(spec.sample()));
    }

    Verdict take(PendingDecision decision, Feedback feedback, JoinOutput out) {
        if (isOfAll(decision, feedback)) {
            int[] all = IntStream.range(0, decision.getSlots().size()).toArray();
            return take(decision, all, feedback, out);
        }
        SlotChoice choice = SlotChoice.of(feedback, decision);
        if (choice instanceof SlotChoice.Chosen chosen) {
            return take(decision, new int[] {chosen.slot()}, feedback, out);
        }
        return new Verdict.Refused(
                JoinCount.AMBIGUOUS, ((SlotChoice.Refused) choice).problem().toString());
    }

    /** Whether feedback says that the whole slate was seen. */
    private boolean isOfAll(PendingDecision decision, Feedback feedback) {
        return feedback.getSlot() == null
                && feedback.getItem() == null
                && decision.getSlots().size() > 1
                && feedback.getKind().equals(spec.labels().shown());
    }

    private Verdict take(PendingDecision decision, int[] slots, Feedback feedback, JoinOutput out) {
        if (feedback.getTimeMicros() > horizons.last(decision.getTimeMicros())) {
            return new Verdict.Refused(JoinCount.EXPIRED, reasons.tooLate(feedback, decision.getTimeMicros()));
        }
        for (int slot : slots) {
            if (!Double.isFinite(
                    rewards.after(decision.getSlots().get(slot), feedback).reward())) {
                return new Verdict.Refused(JoinCount.INVALID, Reasons.value(feedback));
            }
        }
        decision.setStanding(standing(decision, feedback));
        if (decision.getPhase() == Phase.SUPERSEDED) {
            closeSlots(decision, out);
        }
        if (decision.getPhase() == Phase.OPEN
                && feedback.getTimeMicros() > horizons.close(decision)
                && Arrays.stream(slots)
                        .anyMatch(slot -> decision.getSlots().get(slot).getLabel() == null)) {
            return new Verdict.Held();
        }
        out.count(JoinCount.MATCHED);
        for (int slot : slots) {
            String id = slot == slots[0] ? feedback.getId() : feedback.getId() + "/" + slot;
            take(decision, slot, id, feedback, out);
        }
        return new Verdict.Taken();
    }

    private void take(PendingDecision decision, int slot, String id, Feedback feedback, JoinOutput out) {
        PendingSlot pending = decision.getSlots().get(slot);
        Rewards.Sum sum = rewards.after(pending, feedback);
        pending.setReward(sum.reward());
        pending.setHeard(sum.heard());
        boolean closes = pending.getLabel() == null && isClosing(decision, pending, feedback);
        @Nullable ReplacedLabel replaced = null;
        if (closes) {
            labels.close(decision, slot, feedback.getTimeMicros(), out);
            if (decision.getSlots().stream().allMatch(other -> other.getLabel() != null)) {
                decision.setPhase(Phase.CLOSED);
            }
        } else if (pending.getLabel() != null) {
            replaced = correct(decision, slot, feedback, out);
        }
        out.outcome(Labels.outcome(
                decision,
                slot,
                id,
                feedback.getKind(),
                feedback.getValue(),
                closes,
                feedback.getTimeMicros(),
                replaced));
    }

    /** Whether feedback gives the slot its label: at once, or because the window is over and nothing was said before. */
    private boolean isClosing(PendingDecision decision, PendingSlot pending, Feedback feedback) {
        return decision.getPhase() == Phase.CLOSED
                || feedback.getFinal$()
                || spec.finalKinds().contains(feedback.getKind())
                || spec.labels().timing() == LabelTiming.IMMEDIATE && pending.getReward() != 0;
    }

    private static @Nullable ReplacedLabel correct(
            PendingDecision decision, int slot, Feedback feedback, JoinOutput out) {
        PendingSlot pending = decision.getSlots().get(slot);
        out.count(JoinCount.LATE);
        if (pending.getReward() == pending.getLabel()) {
            return null;
        }
        out.count(JoinCount.CORRECTED);
        return Labels.correct(decision, slot, feedback.getTimeMicros(), out);
    }

    /** Gives the open slots that were seen their labels, unless another decision about the same request counts. */
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
            PendingSlot pending = decision.getSlots().get(slot);
            if (pending.getLabel() == null && !rewards.isExposed(pending)) {
                out.count(JoinCount.UNEXPOSED);
            } else if (pending.getLabel() == null) {
                labels.close(decision, slot, time, out);
                String id = decision.getId() + "/" + slot;
                out.outcome(Labels.outcome(decision, slot, id, Labels.WINDOW, 1.0, true, time, null));
            }
        }
    }

    private static Standing standing(PendingDecision decision, Feedback feedback) {
        boolean named = feedback.getDecisionId() != null || decision.getStanding() == Standing.NAMED;
        return named ? Standing.NAMED : Standing.FED;
    }
}
