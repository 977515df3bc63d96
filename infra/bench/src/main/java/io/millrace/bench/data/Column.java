package io.millrace.bench.data;

import java.util.function.IntFunction;

/** One feature of all examples. The arrays are shared, and not to be written to. */
public sealed interface Column {
    /** The code of a category that an example does not have. */
    int MISSING = -1;

    String name();

    /**
     * A number for each example; NaN where it is missing.
     *
     * @param bins how a linear model sees it, as a spec says it: {@code quantiles}, or the width of steps; empty for the
     *     number itself
     */
    record Numeric(String name, double[] values, String bins) implements Column {
        public Numeric(String name, double[] values) {
            this(name, values, "");
        }
    }

    /**
     * One of several values for each example.
     *
     * @param codes which value, from 0; or {@link #MISSING}
     * @param cardinality how many values there are
     * @param texts the text of a value; different for different values
     */
    record Categorical(String name, int[] codes, int cardinality, IntFunction<String> texts) implements Column {
        public String text(int example) {
            return texts.apply(codes[example]);
        }
    }

    /**
     * Any number of values for each example, different ones.
     *
     * @param codes which values, from 0
     * @param weights of each of them; all 1 where the column is no weighted set
     * @param texts the text of a value; different for different values
     */
    record Several(String name, boolean isWeighted, int[][] codes, float[][] weights, IntFunction<String> texts)
            implements Column {}
}
