package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;

/**
 * One example as a learner sees it, refilled again and again without allocating. Not thread-safe.
 */
public final class Instance {
    private final SparseVector vector = new SparseVector();
    private long offset;
    private long timeMicros;
    private double label;
    private double importance;
    private double replacedLabel;
    private double replacedImportance;

    /** The sparse vector, for its owner to fill. */
    public SparseVector vector() {
        return vector;
    }

    /** Where the example stands in the log: mini-batches are cut, and mishaps named, by it. */
    public long offset() {
        return offset;
    }

    /** Event time at which the label was known: ids expire by it. */
    public long timeMicros() {
        return timeMicros;
    }

    public double label() {
        return label;
    }

    public double importance() {
        return importance;
    }

    /** Of a correction: the label that was learned. */
    public double replacedLabel() {
        return replacedLabel;
    }

    /** Of a correction: the importance with which it was learned. */
    public double replacedImportance() {
        return replacedImportance;
    }

    /** Sets where and when the example happened. */
    public Instance at(long offset, long timeMicros) {
        this.offset = offset;
        this.timeMicros = timeMicros;
        return this;
    }

    /**
     * Sets label and importance from a reward. Logistic: the label is 1 where the reward is above 0, and such an example
     * weighs {@code weight * reward}. Otherwise the label is the reward.
     */
    public Instance rewarded(Loss loss, double reward, double weight) {
        label = label(loss, reward);
        importance = importance(loss, reward, weight);
        return this;
    }

    /** Sets the reward that a correction takes back. */
    public Instance replacing(Loss loss, double reward, double weight) {
        replacedLabel = label(loss, reward);
        replacedImportance = importance(loss, reward, weight);
        return this;
    }

    private static double label(Loss loss, double reward) {
        return switch (loss) {
            case LOGISTIC -> reward > 0 ? 1 : 0;
            case SQUARED, ABSOLUTE, POISSON -> reward;
        };
    }

    private static double importance(Loss loss, double reward, double weight) {
        return switch (loss) {
            case LOGISTIC -> reward > 0 ? weight * reward : weight;
            case SQUARED, ABSOLUTE, POISSON -> weight;
        };
    }
}
