package io.millrace.trainer.score;

/** What scale-free learners keep of the whole stream: three sums. */
public final class StreamSums {
    /** Hidden floats that hold them. */
    public static final int FLOATS = 3 * DenseDoubles.FLOATS;

    private StreamSums() {}
}
