package io.millrace.trainer.score;

/** What the edges of quantile bins are found with: a count and a sample of the values. */
public final class QuantileSample {
    /** Values in the sample. */
    public static final int SIZE = 1024;

    /** Hidden floats for one feature: the count, in two floats, and the sample. */
    public static final int FLOATS = SIZE + 2;

    private QuantileSample() {}
}
