package io.millrace.features.spec;

import io.millrace.vector.FeatureSet;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole, valid pipeline spec.
 *
 * @param crosses combinations of features that get weights of their own
 * @param bins numeric features that the model sees in bins, alone and in crosses
 * @param sources topics of others whose records become ours
 */
public record PipelineSpec(
        String pipeline,
        DecisionSpec decision,
        FeedbackSpec feedback,
        List<List<String>> crosses,
        Map<String, Bins> bins,
        ModelSpec model,
        PolicySpec policy,
        SnapshotSpec snapshot,
        List<SourceSpec> sources)
        implements Serializable {
    public PipelineSpec {
        crosses = crosses.stream().map(List::copyOf).toList();
        bins = Collections.unmodifiableMap(new LinkedHashMap<>(bins));
        sources = List.copyOf(sources);
    }

    /** What this pipeline's feature vectors are positional against: subject, context, then the candidate's. */
    public FeatureSet featureSet() {
        return new FeatureSet(pipeline, decision.shared(), decision.candidate());
    }

    /** The same with another model. */
    public PipelineSpec withModel(ModelSpec other) {
        return new PipelineSpec(pipeline, decision, feedback, crosses, bins, other, policy, snapshot, sources);
    }
}
