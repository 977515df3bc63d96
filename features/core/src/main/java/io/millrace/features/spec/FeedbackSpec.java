package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What feedback means.
 *
 * @param reward reward of one feedback of a kind; it is multiplied by the feedback's value, and rewards of a slot add up
 * @param finalKinds kinds that close the label of their slot
 * @param window how long after its decision a label stays open, in event time
 * @param late how long after its decision feedback still corrects the label, in event time; at least the window
 * @param sample which labels become examples
 */
public record FeedbackSpec(
        Map<String, Double> reward, Set<String> finalKinds, Duration window, Duration late, SampleSpec sample)
        implements Serializable {
    public FeedbackSpec {
        reward = Map.copyOf(reward);
        finalKinds = Set.copyOf(finalKinds);
    }

    /** With every label an example. */
    public FeedbackSpec(Map<String, Double> reward, Set<String> finalKinds, Duration window, Duration late) {
        this(reward, finalKinds, window, late, SampleSpec.ALL);
    }

    /** The reward of one feedback; a kind without one changes no label. */
    public double rewardOf(String kind, double value) {
        return reward.getOrDefault(kind, 0.0) * value;
    }
}
