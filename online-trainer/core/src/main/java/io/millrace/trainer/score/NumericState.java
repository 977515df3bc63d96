package io.millrace.trainer.score;

/** What the numbers about a numeric feature's values are found with: a sample of the values, and their moments. */
public final class NumericState {
    /** Values in the sample. */
    public static final int SAMPLE = 1024;

    /** Doubles beside the sample: the count, the mean, and the sum of squared differences from it. */
    public static final int DOUBLES = 3;

    /** Hidden floats for one feature. */
    public static final int FLOATS = SAMPLE + DOUBLES * DenseDoubles.FLOATS;

    private NumericState() {}
}
