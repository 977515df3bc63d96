package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What feedback means.
 *
 * @param reward reward of one feedback of a kind; it is multiplied by the feedback's value
 * @param finalKinds kinds that close the label of their slot
 * @param window how long after its decision a label stays open, in event time
 * @param late how long after its decision feedback still corrects the label, in event time; at least the window
 * @param labels how rewards become labels
 * @param sample which labels become examples
 */
public record FeedbackSpec(
        Map<String, Double> reward,
        Set<String> finalKinds,
        Duration window,
        Duration late,
        LabelSpec labels,
        SampleSpec sample)
        implements Serializable {
    public FeedbackSpec {
        reward = Map.copyOf(reward);
        finalKinds = Set.copyOf(finalKinds);
    }

    /** With sums as labels, and every label an example. */
    public FeedbackSpec(Map<String, Double> reward, Set<String> finalKinds, Duration window, Duration late) {
        this(reward, finalKinds, window, late, LabelSpec.SUM, SampleSpec.ALL);
    }

    /** The same with another rule. */
    public FeedbackSpec with(LabelSpec other) {
        return new FeedbackSpec(reward, finalKinds, window, late, other, sample);
    }

    /** The same with another sample. */
    public FeedbackSpec with(SampleSpec other) {
        return new FeedbackSpec(reward, finalKinds, window, late, labels, other);
    }

    /** The reward of one feedback; a kind without one changes no label. */
    public double rewardOf(String kind, double value) {
        return reward.getOrDefault(kind, 0.0) * value;
    }
}
