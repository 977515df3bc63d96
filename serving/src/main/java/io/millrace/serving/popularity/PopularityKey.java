package io.millrace.serving.popularity;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.PolicySpec;
import io.millrace.vector.FeatureVector;

/**
 * What rewards are counted by: the hash of a categorical feature, or that of the item's id. Immutable.
 */
public final class PopularityKey {
    private static final String ITEM = "item";
    /** Stands for a feature that was not told. */
    private static final long MISSING = 0;

    private final FeatureHash itemHash = FeatureHash.of(ITEM);
    private final int position;

    public PopularityKey(PipelineSpec spec) {
        PolicySpec policy = spec.policy();
        this.position =
                policy.popularityBy().equals(ITEM) ? -1 : spec.featureSet().indexOf(policy.popularityBy());
        if (position < 0 && !policy.popularityBy().equals(ITEM)) {
            throw new IllegalArgumentException("policy.popularity.by: " + policy.popularityBy()
                    + " (expected: item, or a categorical feature of the candidate)");
        }
    }

    /** The key of one candidate. */
    public long of(String item, FeatureVector vector) {
        if (position < 0) {
            return itemHash.hash(item);
        }
        return vector.isPresent(position) ? vector.hash(vector.from(position)) : MISSING;
    }
}
