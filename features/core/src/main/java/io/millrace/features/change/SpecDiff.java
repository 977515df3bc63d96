package io.millrace.features.change;

import io.millrace.features.spec.PipelineSpec;
import java.util.Comparator;
import java.util.List;

/**
 * How a spec differs from the one before it, and what that means for a model that has learned by the one before.
 *
 * <p>Whether weights keep their meaning is a statement about rows: each says the same about the same ids, values and labels. A model
 * that continues predicts, for whatever lacks the new columns, what the old one would, bit by bit, unless sums are taken in
 * another order. It does not say that one would have come to the same weights by the new spec.
 *
 * @param changes in the order of the spec's reference
 */
public record SpecDiff(PipelineSpec before, PipelineSpec after, List<SpecChange> changes) {
    public SpecDiff {
        changes = List.copyOf(changes);
    }

    public static SpecDiff of(PipelineSpec before, PipelineSpec after) {
        Changes changes = new Changes();
        FeatureChanges.find(before, after, changes);
        AggregateChanges.events(before.events(), after.events(), changes);
        AggregateChanges.find(before.aggregates(), after.aggregates(), changes);
        ServingChanges.slots(before, after, changes);
        ServingChanges.log(before, after, changes);
        FeedbackChanges.find(before.feedback(), after.feedback(), changes);
        TermChanges.find(before, after, changes);
        ModelChanges.find(before.model(), after.model(), changes);
        ServingChanges.find(before, after, changes);
        SourceChanges.find(before.sources(), after.sources(), changes);
        return new SpecDiff(before, after, changes.found());
    }

    /** The worst of all changes' effects. */
    public Effect effect() {
        return changes.stream()
                .map(SpecChange::effect)
                .max(Comparator.naturalOrder())
                .orElse(Effect.HARMLESS);
    }

    /** Whether both specs say the same. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes of one effect. */
    public List<SpecChange> of(Effect effect) {
        return changes.stream().filter(change -> change.effect() == effect).toList();
    }
}
