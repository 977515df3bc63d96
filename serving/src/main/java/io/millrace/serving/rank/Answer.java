package io.millrace.serving.rank;

import io.millrace.record.Decision;
import io.millrace.record.ModelVersion;
import io.millrace.record.Slot;
import io.millrace.wire.DecisionIds;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller is told of a decision.
 *
 * @param decisionId of version 8 where it was not logged, so that feedback for it can be told
 * @param logged false where there was no room to log it, since the brokers take nothing: it will be in no training, and
 *     neither will feedback for it
 */
public record Answer(
        String decisionId,
        @Nullable String requestId,
        String arm,
        boolean explored,
        @Nullable Version model,
        List<Shown> slate,
        boolean logged) {
    /** The model version that scored. */
    public record Version(String lineage, List<Long> offsets) {
        public Version {
            offsets = List.copyOf(offsets);
        }
    }

    /** One place of the slate; its number is its position in the list. */
    public record Shown(String item, float score, double propensity) {}

    public Answer {
        slate = List.copyOf(slate);
    }

    /** What the caller was told of a logged decision. */
    static Answer of(Decision decision) {
        return of(decision, true);
    }

    static Answer of(Decision decision, boolean logged) {
        @Nullable ModelVersion model = decision.getModel();
        return new Answer(
                logged ? decision.getId() : DecisionIds.unlogged(decision.getId()),
                decision.getRequestId(),
                decision.getArm(),
                decision.getExplored(),
                model == null ? null : new Version(model.getLineage(), model.getOffsets()),
                decision.getSlate().stream().map(Answer::shown).toList(),
                logged);
    }

    private static Shown shown(Slot slot) {
        return new Shown(slot.getItem(), slot.getScore(), slot.getPropensity());
    }
}
