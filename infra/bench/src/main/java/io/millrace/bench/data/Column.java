package io.millrace.bench.data;

import java.util.function.IntFunction;

/** One feature of all examples. The arrays are shared, and not to be written to. */
public sealed interface Column {
    String name();

    /** A finite number for each example. */
    record Numeric(String name, double[] values) implements Column {}

    /**
     * One of several values for each example.
     *
     * @param codes which value, from 0
     * @param cardinality how many values there are
     * @param texts the text of a value; different for different values
     */
    record Categorical(String name, int[] codes, int cardinality, IntFunction<String> texts) implements Column {
        public String text(int example) {
            return texts.apply(codes[example]);
        }
    }
}
