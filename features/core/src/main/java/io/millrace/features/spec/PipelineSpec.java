package io.millrace.features.spec;

import io.millrace.vector.FeatureSet;
import java.util.List;

/** A whole, valid pipeline spec. */
public record PipelineSpec(
        String pipeline,
        DecisionSpec decision,
        FeedbackSpec feedback,
        List<List<String>> crosses,
        ModelSpec model,
        PolicySpec policy,
        SnapshotSpec snapshot) {
    public PipelineSpec {
        crosses = crosses.stream().map(List::copyOf).toList();
    }

    /** What this pipeline's feature vectors are positional against: subject, context, then the candidate's. */
    public FeatureSet featureSet() {
        return new FeatureSet(pipeline, decision.shared(), decision.candidate());
    }
}
