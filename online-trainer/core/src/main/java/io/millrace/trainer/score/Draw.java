package io.millrace.trainer.score;

/** Pseudo-random numbers that are hashes of what they are drawn for. */
public final class Draw {
    private static final double UNIT = 0x1p-52;

    private Draw() {}

    /** Uniform from -1 to 1, from the upper bits of a hash. */
    public static double symmetric(long hash) {
        return (hash >> 11) * UNIT;
    }
}
