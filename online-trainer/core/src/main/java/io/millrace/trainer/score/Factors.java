package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import java.util.Arrays;

/**
 * The interactions of a factorisation machine (Rendle, "Factorization machines", ICDM 2010): each row has k factors, and two
 * elements i and j interact by {@code <v_i, v_j> x_i x_j}. The sum over all pairs takes time in proportion to k n (his lemma
 * 3.1):
 *
 * <pre>
 *   Σ_i&lt;j &lt;v_i, v_j&gt; x_i x_j  =  ½ Σ_f [ (Σ_i v_if x_i)² - Σ_i (v_if x_i)² ]
 * </pre>
 *
 * <p>It is divided by Σ x², where that is above 1, as if x had length 1 (Juan et al., "Field-aware factorization machines for
 * CTR prediction", RecSys 2016, section 3): without, one step moves n² pairs at once, and what learns well with five
 * elements explodes with forty.
 *
 * <p>Only elements of plain features take part: neither the constant nor a cross, which is an interaction already. Every
 * product of a factor and a value is exact in double, and sums are taken in the order of the elements, so that the same
 * weights give the same bits everywhere. Factors that were never learned are 0 and add nothing.
 *
 * <p>The columns may lie anywhere in a row. Holds scratch memory: not thread-safe.
 */
public final class Factors {
    private final int column;
    private final int features;
    private final double[] sums;
    private final double[] squares;
    private final float[] row;
    private double scale = 1;

    /**
     * @param column where a row's factors begin
     * @param count factors of a row
     * @param features elements whose term is below it take part
     */
    public Factors(int column, int count, int features) {
        this.column = column;
        this.features = features;
        this.sums = new double[count];
        this.squares = new double[count];
        this.row = new float[count];
    }

    public int count() {
        return sums.length;
    }

    /** Whether an element of this term interacts. */
    public boolean takesPart(int term) {
        return term >= 0 && term < features;
    }

    /** Fills an array with a row's factors. */
    public void read(Weights weights, int row, float[] to) {
        weights.read(row, column, to);
    }

    /** The sum over all pairs. */
    public double margin(Weights weights, SparseVector x) {
        Arrays.fill(sums, 0);
        Arrays.fill(squares, 0);
        double sumOfSquares = 0;
        for (int e = 0; e < x.size(); e++) {
            if (takesPart(x.term(e))) {
                weights.read(x.index(e), column, row);
                double value = x.value(e);
                sumOfSquares += value * value;
                for (int f = 0; f < sums.length; f++) {
                    double part = row[f] * value;
                    sums[f] += part;
                    squares[f] += part * part;
                }
            }
        }
        double margin = 0;
        for (int f = 0; f < sums.length; f++) {
            margin += sums[f] * sums[f] - squares[f];
        }
        scale = 1 / Math.max(1, sumOfSquares);
        return margin / 2 * scale;
    }

    /** Of the last margin: what the sum over all pairs was multiplied by. */
    public double scale() {
        return scale;
    }

    /** Of the last margin: what all elements' f-th factors, each times its value, came to. */
    public double sum(int factor) {
        return sums[factor];
    }
}
