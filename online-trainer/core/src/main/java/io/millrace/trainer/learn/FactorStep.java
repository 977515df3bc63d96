package io.millrace.trainer.learn;

import io.millrace.features.encode.FeatureHash;
import io.millrace.trainer.score.Draw;
import java.util.Arrays;
import org.bytedeco.javacpp.indexer.FloatRawIndexer;

/**
 * A step of some rows' factors: AdaGrad with a learning rate for each coordinate (Duchi et al., "Adaptive subgradient methods
 * for online learning and stochastic optimization", JMLR 2011), from the gradient g of the loss by each factor v:
 *
 * <pre>
 *   g' = g + l2 v          n' = n + g'²          v' = v - alpha g' / √(1 + n')
 * </pre>
 *
 * <p>Factors that are all 0 were never learned. They must not stay there, for the gradient of an interaction is 0 where all
 * factors are: their first step begins at a small random vector, a hash of the seed and the row, and goes along the gradient
 * at 0, which is the gradient of what was scored.
 *
 * <p>All rows are gathered first, then stepped in one loop over plain arrays, which the compiler turns into vector
 * instructions: {@link #begin}; {@link #add} for each row, and its gradients; {@link #learn} or {@link #correct}; {@link
 * #put} for each row. The columns may lie anywhere in a row. Arithmetic is float. Not thread-safe.
 */
final class FactorStep {
    /** The first factors are uniform within ± this over √k, so that no interaction begins beyond its square. */
    private static final double FIRST = 0.1;

    private final int count;
    private final float alpha;
    private final float l2;
    private final long seed;
    private final int v;
    private final int n;
    private final double first;
    private int size;
    private float[] before;
    private float[] after;
    private float[] squares;
    private float[] gradients;

    /**
     * @param v the column where the factors begin
     * @param n the column where their sums of squared gradients begin
     */
    FactorStep(FactorSettings settings, long seed, int v, int n) {
        this.count = settings.count();
        this.alpha = (float) settings.alpha();
        this.l2 = (float) settings.l2();
        this.seed = seed;
        this.v = v;
        this.n = n;
        this.first = FIRST / Math.sqrt(count);
        this.before = new float[64 * count];
        this.after = new float[before.length];
        this.squares = new float[before.length];
        this.gradients = new float[before.length];
    }

    void begin() {
        size = 0;
    }

    /**
     * Gathers a row.
     *
     * @param start where it begins in memory
     * @return where its {@link #gradients} are to be put
     */
    int add(FloatRawIndexer floats, long start) {
        int from = size;
        size += count;
        if (size > before.length) {
            grow();
        }
        floats.get(start + v, before, from, count);
        floats.get(start + n, squares, from, count);
        return from;
    }

    private void grow() {
        before = Arrays.copyOf(before, size * 2);
        after = Arrays.copyOf(after, size * 2);
        squares = Arrays.copyOf(squares, size * 2);
        gradients = Arrays.copyOf(gradients, size * 2);
    }

    /** The gradient by each factor that was gathered. */
    float[] gradients() {
        return gradients;
    }

    /** A factor as it is, gathered at a place. */
    float factor(int place) {
        return before[place];
    }

    /** Steps. */
    void learn() {
        float[] from = before;
        float[] to = after;
        float[] sums = squares;
        float[] by = gradients;
        for (int i = 0; i < size; i++) {
            float gradient = by[i] + l2 * from[i];
            float sum = sums[i] + gradient * gradient;
            sums[i] = sum;
            to[i] = from[i] - alpha * gradient / (float) Math.sqrt(1 + sum);
        }
    }

    /** Steps by gradients that correct those from before: step sizes stay as they are. */
    void correct() {
        for (int i = 0; i < size; i++) {
            after[i] = before[i] - alpha * gradients[i] / (float) Math.sqrt(1 + squares[i]);
        }
    }

    /**
     * Gives a row back.
     *
     * @param from where it was gathered
     * @param row its number
     * @param out receives its new floats, from {@code at} on
     * @return 0, or NaN where one of them is not finite
     */
    float put(int from, int row, float[] out, int at) {
        boolean fresh = true;
        for (int f = 0; f < count; f++) {
            fresh &= before[from + f] == 0;
        }
        float overflow = 0;
        for (int f = 0; f < count; f++) {
            float factor = after[from + f];
            if (fresh) {
                factor += first(row, f);
            }
            float sum = squares[from + f];
            out[at + v + f] = factor;
            out[at + n + f] = sum;
            overflow += 0 * factor + 0 * sum;
        }
        return overflow;
    }

    /** Has a row's floats stay as they are. */
    void keep(FloatRawIndexer floats, long start, float[] out, int at) {
        floats.get(start + v, out, at + v, count);
        floats.get(start + n, out, at + n, count);
    }

    /** Where a row's factor begins. */
    float first(int row, int f) {
        return (float) (first * Draw.symmetric(FeatureHash.combine(FeatureHash.combine(seed, row), f)));
    }
}
