package io.millrace.local.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last labels that have arrived: with a delay of D, the label of example i is known from the prediction of example
 * i + D + 1 on. Not thread-safe.
 */
final class Lags {
    /** The most of them. */
    static final int MOST = 1_000;

    private static final Pattern NAME = Pattern.compile("lag_([1-9][0-9]{0,3})");

    private final double[] labels;
    private final int delay;
    private long size;

    /** @param count how many of the arrived labels are asked for */
    Lags(int count, int delay) {
        this.labels = new double[count == 0 ? 0 : Math.addExact(count, delay)];
        this.delay = delay;
    }

    /** The feature of the k-th last label. */
    static String name(int k) {
        return "lag_" + k;
    }

    /** Which label a feature of this name is, from 1 for the last. */
    static Optional<Integer> of(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(Integer.parseInt(matcher.group(1))).filter(k -> k <= MOST)
                : Optional.empty();
    }

    /** Takes the label of the next example. */
    void add(double label) {
        if (labels.length > 0) {
            labels[(int) (size++ % labels.length)] = label;
        }
    }

    /** The labels that are remembered, in the order in which they were added. */
    List<Double> remembered() {
        List<Double> remembered = new ArrayList<>();
        for (long i = Math.max(0, size - labels.length); i < size; i++) {
            remembered.add(labels[(int) (i % labels.length)]);
        }
        return remembered;
    }

    /** The k-th last of the labels that have arrived when the next example is predicted; NaN where there is none. */
    double label(int k) {
        long index = size - delay - k;
        return index < 0 ? Double.NaN : labels[(int) (index % labels.length)];
    }
}
