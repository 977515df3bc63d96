package io.millrace.local.learn;

/**
 * The mean loss over the second half of a stream whose length nobody knows: sums of consecutive groups of examples, whose
 * size doubles when there are too many of them. The half begins at the group's start that is nearest above it: exactly in the
 * middle up to 65,536 examples, and never off by more than one in 32,768 of them. Not thread-safe.
 */
final class SecondHalf {
    private static final int GROUPS = 1 << 16;

    private final double[] losses = new double[GROUPS];
    private final double[] weights = new double[GROUPS];
    private long groupSize = 1;
    private long examples;

    /** Adds the loss of the next example, already multiplied by its weight. */
    void add(double loss, double weight) {
        if (examples == groupSize * GROUPS) {
            halve();
        }
        int group = (int) (examples / groupSize);
        losses[group] += loss;
        weights[group] += weight;
        examples++;
    }

    private void halve() {
        for (int i = 0; i < GROUPS; i++) {
            double loss = i < GROUPS / 2 ? losses[2 * i] + losses[2 * i + 1] : 0;
            double weight = i < GROUPS / 2 ? weights[2 * i] + weights[2 * i + 1] : 0;
            losses[i] = loss;
            weights[i] = weight;
        }
        groupSize *= 2;
    }

    /** Of all examples but the first half, rounded down; NaN where there is none. */
    double meanLoss() {
        long from = (examples / 2 + groupSize - 1) / groupSize;
        double loss = 0;
        double weight = 0;
        for (long group = from; group * groupSize < examples; group++) {
            loss += losses[(int) group];
            weight += weights[(int) group];
        }
        return loss / weight;
    }
}
