package io.millrace.trainer.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Importance of positives and negatives by predicted probability, for the area under the ROC curve.
 *
 * <p>With q = min(p, 1 - p) clamped to at least 2^-20, a bin spans a 32nd of an octave of q: a resolution of 3 % where
 * probabilities are small, as rewards often are, and no logarithm to find it. Pairs of a positive and a negative within one
 * bin count half; they are all that can be wrong, so the area is off by at most half of their share of all pairs: {@link
 * #aucError}. Not thread-safe.
 */
final class ScoreHistogram {
    private static final int MANTISSA_BITS = 5;
    private static final int OCTAVES = 20;
    private static final int SIDE = (OCTAVES - 1) << MANTISSA_BITS;
    private static final int SHIFT = 23 - MANTISSA_BITS;
    private static final float SMALLEST = 0x1p-20f;
    private static final int FIRST = Float.floatToRawIntBits(SMALLEST) >>> SHIFT;

    private final double[] positives = new double[2 * SIDE];
    private final double[] negatives = new double[2 * SIDE];

    void add(double probability, boolean positive, double importance) {
        (positive ? positives : negatives)[bin(probability)] += importance;
    }

    void clear() {
        Arrays.fill(positives, 0);
        Arrays.fill(negatives, 0);
    }

    /** Probability that a random positive was scored above a random negative; NaN where one of the kinds is missing. */
    double auc() {
        double below = 0;
        double won = 0;
        for (int i = 0; i < positives.length; i++) {
            won += positives[i] * (below + negatives[i] / 2);
            below += negatives[i];
        }
        return won / (below * sum(positives));
    }

    /** How far {@link #auc} can be from the exact value. */
    double aucError() {
        double tied = 0;
        for (int i = 0; i < positives.length; i++) {
            tied += positives[i] * negatives[i];
        }
        return tied / 2 / (sum(negatives) * sum(positives));
    }

    List<Double> positives() {
        return list(positives);
    }

    List<Double> negatives() {
        return list(negatives);
    }

    void restore(List<Double> positives, List<Double> negatives) {
        fill(this.positives, positives);
        fill(this.negatives, negatives);
    }

    private static int bin(double probability) {
        float q = Math.max(SMALLEST, (float) Math.min(probability, 1 - probability));
        int bin = Math.min(SIDE - 1, (Float.floatToRawIntBits(q) >>> SHIFT) - FIRST);
        return probability < 0.5 ? bin : 2 * SIDE - 1 - bin;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static List<Double> list(double[] values) {
        int size = values.length;
        while (size > 0 && values[size - 1] == 0) {
            size--;
        }
        List<Double> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(values[i]);
        }
        return list;
    }

    private static void fill(double[] values, List<Double> list) {
        if (list.size() > values.length) {
            throw new IllegalArgumentException("bins: " + list.size() + " (expected: at most " + values.length + ")");
        }
        Arrays.fill(values, 0);
        for (int i = 0; i < list.size(); i++) {
            values[i] = list.get(i);
        }
    }
}
