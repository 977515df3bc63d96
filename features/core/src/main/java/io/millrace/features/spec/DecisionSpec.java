package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decision is made from.
 *
 * @param subject the name under which the subject's id is a categorical feature
 * @param context features of the situation, the same for all candidates
 * @param candidate features of each candidate; one named {@code item} is filled with the item's id
 * @param slots how many candidates are shown where the request does not say
 * @param unshownRate probability with which each candidate that is not shown is logged: 0 for none, 1 for all
 */
public record DecisionSpec(
        String subject, List<Feature> context, List<Feature> candidate, int slots, double unshownRate)
        implements Serializable {
    /** The candidate's feature that is filled with the item's id. */
    public static final String ITEM = "item";

    public DecisionSpec {
        context = List.copyOf(context);
        candidate = List.copyOf(candidate);
    }

    /** The features that all candidates share: the subject, then the context. */
    public List<Feature> shared() {
        List<Feature> shared = new ArrayList<>(context.size() + 1);
        shared.add(new Feature(subject, FeatureKind.CATEGORICAL));
        shared.addAll(context);
        return shared;
    }

    /** Whether an aggregate has one value for all candidates, since it is by nothing of theirs. */
    public boolean isShared(AggregateSpec aggregate) {
        return aggregate.by().stream()
                .noneMatch(name -> name.equals(ITEM)
                        || candidate.stream().anyMatch(feature -> feature.name().equals(name)));
    }

    /** The same with the features that are computed: those of the situation after the context, the others after the candidate's. */
    DecisionSpec with(List<AggregateSpec> aggregates) {
        List<Feature> ofContext = new ArrayList<>(context);
        List<Feature> ofCandidate = new ArrayList<>(candidate);
        aggregates.forEach(one -> (isShared(one) ? ofContext : ofCandidate).add(one.feature()));
        return new DecisionSpec(subject, ofContext, ofCandidate, slots, unshownRate);
    }
}
