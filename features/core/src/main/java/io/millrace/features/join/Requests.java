package io.millrace.features.join;

import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.Phase;
import io.millrace.features.join.state.Standing;
import io.millrace.record.Feedback;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which decision counts where several were made about one request: the one that feedback names by its id, else the one that
 * already has feedback or labels, else the last. The comparison does not depend on the order of arrival.
 */
final class Requests {
    static final Comparator<PendingDecision> LAST =
            Comparator.comparing(PendingDecision::getTimeMicros).thenComparing(PendingDecision::getId);
    private static final Comparator<PendingDecision> COUNTS =
            Comparator.comparing(Requests::standing).thenComparing(LAST);

    private Requests() {}

    /** The decision that feedback is about, if it is here. One that is superseded is found by its own id only. */
    static @Nullable PendingDecision find(List<PendingDecision> decisions, Feedback feedback) {
        String id = feedback.getDecisionId();
        if (id != null) {
            return byId(decisions, id);
        }
        String requestId = feedback.getRequestId();
        return decisions.stream()
                .filter(decision -> requestId != null && requestId.equals(decision.getRequestId()))
                .filter(decision -> decision.getPhase() != Phase.SUPERSEDED)
                .max(COUNTS)
                .orElse(null);
    }

    static @Nullable PendingDecision byId(List<PendingDecision> decisions, String id) {
        for (PendingDecision decision : decisions) {
            if (decision.getId().equals(id)) {
                return decision;
            }
        }
        return null;
    }

    /** Whether another decision counts instead. Those with feedback of equal standing all count. */
    static boolean isSuperseded(PendingDecision decision, List<PendingDecision> decisions) {
        Standing standing = standing(decision);
        return decisions.stream()
                .filter(other -> isOther(other, decision) && other.getPhase() != Phase.SUPERSEDED)
                .anyMatch(other -> standing == Standing.NONE
                        ? COUNTS.compare(other, decision) > 0
                        : standing(other).compareTo(standing) > 0);
    }

    /** Whether it is another decision about the same request. */
    static boolean isOther(PendingDecision other, PendingDecision decision) {
        String requestId = decision.getRequestId();
        return other != decision && requestId != null && requestId.equals(other.getRequestId());
    }

    private static Standing standing(PendingDecision decision) {
        boolean labelled = decision.getStanding() == Standing.NONE
                && decision.getSlots().stream().anyMatch(slot -> slot.getLabel() != null);
        return labelled ? Standing.FED : decision.getStanding();
    }
}
