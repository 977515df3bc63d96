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
 * @param events kinds of events that aggregates are over
 * @param aggregates features that are computed from the stream
 * @param crosses combinations of features that get weights of their own
 * @param bins numeric features that the model sees in bins, alone and in crosses
 * @param sources topics of others whose records become ours
 */
public record PipelineSpec(
        String pipeline,
        DecisionSpec decision,
        FeedbackSpec feedback,
        Map<String, EventSpec> events,
        List<AggregateSpec> aggregates,
        List<List<String>> crosses,
        Map<String, Bins> bins,
        ModelSpec model,
        PolicySpec policy,
        SnapshotSpec snapshot,
        List<SourceSpec> sources)
        implements Serializable {
    public PipelineSpec {
        events = Collections.unmodifiableMap(new LinkedHashMap<>(events));
        aggregates = List.copyOf(aggregates);
        crosses = crosses.stream().map(List::copyOf).toList();
        bins = Collections.unmodifiableMap(new LinkedHashMap<>(bins));
        sources = List.copyOf(sources);
    }

    /**
     * What this pipeline's feature vectors are positional against: subject, context, the aggregates of these, then the
     * candidate's features and the aggregates that need one of these.
     */
    public FeatureSet featureSet() {
        DecisionSpec seen = decision.with(aggregates);
        return new FeatureSet(pipeline, seen.shared(), seen.candidate());
    }

    /** The same with another model. */
    public PipelineSpec withModel(ModelSpec other) {
        return new PipelineSpec(
                pipeline, decision, feedback, events, aggregates, crosses, bins, other, policy, snapshot, sources);
    }
}
