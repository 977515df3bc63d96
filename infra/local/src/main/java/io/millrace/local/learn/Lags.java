package io.millrace.local.learn;

import io.millrace.local.StartException;
import io.millrace.wire.Problem;
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

    /** @throws StartException if so many labels cannot be features */
    static void check(int count) throws StartException {
        if (count < 0 || count > MOST) {
            throw new StartException(new Problem("--lag-label", Integer.toString(count), "0 to " + MOST).toString());
        }
    }

    /** A label as a class. */
    static String text(double label) {
        return label == Math.rint(label) ? Long.toString((long) label) : Double.toString(label);
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
