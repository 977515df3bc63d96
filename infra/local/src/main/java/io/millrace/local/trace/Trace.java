package io.millrace.local.trace;

import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of one decision.
 *
 * @param features of each slot, readable, by name; empty where no spec fits the decision
 */
public record Trace(
        Placed<Decision> decision,
        List<Map<String, String>> features,
        List<Placed<Feedback>> feedback,
        List<Placed<Outcome>> outcomes,
        List<Learned> examples) {
    public Trace {
        features = List.copyOf(features);
        feedback = List.copyOf(feedback);
        outcomes = List.copyOf(outcomes);
        examples = List.copyOf(examples);
    }

    /** A record and where it stands. */
    public record Placed<T>(T value, String partition, long offset) {}

    /**
     * An example of the decision.
     *
     * @param shard the partition where it stands
     * @param first the first version that has learned it
     */
    public record Learned(Placed<Example> example, int shard, Optional<Version> first) {}

    /**
     * @param servedBy the first decision that was made with it, or a later one of its lineage
     */
    public record Version(
            String lineage,
            long from,
            long to,
            long publishedMicros,
            String partition,
            long offset,
            Optional<ServedBy> servedBy) {}

    /** A decision that was made by then. */
    public record ServedBy(String decisionId, long timeMicros, long version) {}

    /** For people. */
    public String text() {
        return TraceText.of(this);
    }

    /** One JSON object. */
    public String json() {
        return TraceJson.of(this);
    }
}
