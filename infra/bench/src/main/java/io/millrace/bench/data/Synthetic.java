package io.millrace.bench.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Skewed categorical features and a teacher whose weights the labels are drawn from: the same rows, features and seed make
 * the same examples.
 *
 * <p>Feature f of F has {@code 4 · 250,000^(f / (F - 1))} values, from 4 to a million. Value k (from 1, of N) has the
 * probability {@code ln(1 + 1/k) / ln(N + 1)}, Zipf's law with exponent 1 but for its first few: k is the whole part of
 * {@code (N + 1)^u} for a uniform u. The label is positive with the probability {@code 1 / (1 + e^-(b + Σ w))}; each value's
 * weight w is uniform in ±{@value #WEIGHT} · √(39 / F), so that the margin's spread does not depend on F.
 */
public final class Synthetic {
    /** Features of one example where nobody says otherwise, as in the logs of display advertising. */
    public static final int FEATURES = 39;

    private static final double WEIGHT = 0.4;
    private static final double BIAS = -1;
    private static final double FEWEST_VALUES = 4;
    private static final double MOST_VALUES = 1e6;

    private Synthetic() {}

    public static DataSet of(int rows, int features, long seed) {
        double[] margins = new double[rows];
        Arrays.fill(margins, BIAS);
        List<Column> columns = new ArrayList<>();
        for (int f = 0; f < features; f++) {
            columns.add(column(rows, f, features, seed, margins));
        }
        SplittableRandom random = new SplittableRandom(mix(seed, -1));
        boolean[] labels = new boolean[rows];
        double loss = 0;
        for (int i = 0; i < rows; i++) {
            double probability = 1 / (1 + StrictMath.exp(-margins[i]));
            labels[i] = random.nextDouble() < probability;
            loss -= StrictMath.log(labels[i] ? probability : 1 - probability);
        }
        String origin = String.format(
                Locale.ROOT,
                "drawn with seed %d, %d features: log-loss of the probabilities that the labels were drawn from %.4f",
                seed,
                features,
                loss / rows);
        return new DataSet("synthetic", origin, columns, List.of(), labels);
    }

    private static Column column(int rows, int feature, int features, long seed, double[] margins) {
        double position = features == 1 ? 0 : (double) feature / (features - 1);
        int cardinality = (int) (FEWEST_VALUES * StrictMath.pow(MOST_VALUES / FEWEST_VALUES, position));
        double largest = WEIGHT * Math.sqrt((double) FEATURES / features);
        SplittableRandom random = new SplittableRandom(mix(seed, feature));
        int[] codes = new int[rows];
        for (int i = 0; i < rows; i++) {
            codes[i] = (int) StrictMath.pow(cardinality + 1, random.nextDouble()) - 1;
            margins[i] += largest * (2 * uniform(mix(mix(seed, feature), codes[i])) - 1);
        }
        return new Column.Categorical("f" + feature, codes, cardinality, Integer::toString);
    }

    private static double uniform(long hash) {
        return (hash >>> 11) * 0x1p-53;
    }

    /** The finalizer of SplitMix64 (Steele et al., "Fast splittable pseudorandom number generators", OOPSLA 2014). */
    private static long mix(long first, long second) {
        long h = first * 0x9E3779B97F4A7C15L + second + 1;
        h = (h ^ h >>> 30) * 0xBF58476D1CE4E5B9L;
        h = (h ^ h >>> 27) * 0x94D049BB133111EBL;
        return h ^ h >>> 31;
    }
}
