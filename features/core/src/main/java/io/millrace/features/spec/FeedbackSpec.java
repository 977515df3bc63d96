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
 * @param match how feedback may say which decision it is about
 */
public record FeedbackSpec(
        Map<String, Double> reward,
        Set<String> finalKinds,
        Duration window,
        Duration late,
        LabelSpec labels,
        SampleSpec sample,
        Match match)
        implements Serializable {
    /** How feedback may say which decision it is about. */
    public enum Match {
        /** By the decision's id, ours or the caller's. */
        DECISION("decision"),
        /** So, or by subject and item: then the last decision within the window that showed the one to the other is meant. */
        SUBJECT_ITEM("subject_item");

        private final String text;

        Match(String text) {
            this.text = text;
        }

        /** The name used in specs. */
        public String text() {
            return text;
        }
    }

    public FeedbackSpec {
        reward = Map.copyOf(reward);
        finalKinds = Set.copyOf(finalKinds);
    }

    /** With sums as labels, every label an example, and feedback that names its decision. */
    public FeedbackSpec(Map<String, Double> reward, Set<String> finalKinds, Duration window, Duration late) {
        this(reward, finalKinds, window, late, LabelSpec.SUM, SampleSpec.ALL, Match.DECISION);
    }

    /** The same with another rule. */
    public FeedbackSpec with(LabelSpec other) {
        return new FeedbackSpec(reward, finalKinds, window, late, other, sample, match);
    }

    /** The same with another sample. */
    public FeedbackSpec with(SampleSpec other) {
        return new FeedbackSpec(reward, finalKinds, window, late, labels, other, match);
    }

    /** The same with another way to name a decision. */
    public FeedbackSpec with(Match other) {
        return new FeedbackSpec(reward, finalKinds, window, late, labels, sample, other);
    }

    /** The reward of one feedback; a kind without one changes no label. */
    public double rewardOf(String kind, double value) {
        return reward.getOrDefault(kind, 0.0) * value;
    }
}
