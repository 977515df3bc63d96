package io.millrace.bench.data;

import java.util.Arrays;
import java.util.List;

/**
 * Sixteen bins that a number's earlier values fill evenly, by the rule of Millrace's own: their centres are the quantiles
 * (i + 1/2) / 16, taken anew when so many values have been seen as a power of two, from 32 on; a value between two centres
 * belongs to both in proportion. Here all values count, there a sample of them.
 */
final class QuantileBins {
    private static final int BINS = 16;
    private static final int FIRST = 32;

    private final double[] values;
    private final int[] seen;
    private final double[][] centers = new double[Integer.SIZE][];

    /** @param values of a column; NaN where missing */
    QuantileBins(double[] values) {
        this.values = values;
        this.seen = new int[values.length];
        double[] present = new double[values.length];
        int size = 0;
        for (int i = 0; i < values.length; i++) {
            seen[i] = size;
            if (!Double.isNaN(values[i])) {
                present[size++] = values[i];
                if (size >= FIRST && Integer.bitCount(size) == 1) {
                    centers[Integer.numberOfTrailingZeros(size)] = quantiles(Arrays.copyOf(present, size));
                }
            }
        }
    }

    private static double[] quantiles(double[] sample) {
        Arrays.sort(sample);
        double[] quantiles = new double[BINS];
        for (int bin = 0; bin < BINS; bin++) {
            quantiles[bin] = sample[(int) ((2L * bin + 1) * sample.length / (2L * BINS))];
        }
        return quantiles;
    }

    /** The bins of an example's value, by the values before it; the first one until there are enough of them. */
    List<Elements.Element> at(int example) {
        if (seen[example] < FIRST) {
            return List.of(element(0, 1));
        }
        double[] now = centers[Integer.SIZE - 1 - Integer.numberOfLeadingZeros(seen[example])];
        double value = values[example];
        int above = firstAtLeast(now, value);
        if (above < BINS && (above == 0 || now[above] == value)) {
            return List.of(element(above, 1));
        }
        int below = firstAtLeast(now, now[above - 1]);
        if (above == BINS) {
            return List.of(element(below, 1));
        }
        double share = (value - now[above - 1]) / (now[above] - now[above - 1]);
        return List.of(element(below, 1 - share), element(above, share));
    }

    private static int firstAtLeast(double[] centers, double value) {
        int bin = 0;
        while (bin < BINS && centers[bin] < value) {
            bin++;
        }
        return bin;
    }

    private static Elements.Element element(int bin, double value) {
        return new Elements.Element(Integer.toString(bin), (float) value);
    }
}
