package io.millrace.trainer.score;

/**
 * Doubles in a table of floats, to the last bit: each lies in three floats that hold 22, 21 and 21 of its bits as whole
 * numbers, which are exact and finite whatever the double is. Zero is three zeros; where a number starts from another value,
 * what lies in the table is the difference of the bits, so that a table of zeros is the beginning.
 */
public final class DenseDoubles {
    /** Floats that hold one double. */
    public static final int FLOATS = 3;

    private static final int LOW_BITS = 21;
    private static final long LOW = (1L << LOW_BITS) - 1;

    private DenseDoubles() {}

    /** The double that three floats hold. */
    public static double join(float high, float middle, float low) {
        return Double.longBitsToDouble(bits(high, middle, low));
    }

    private static long bits(float high, float middle, float low) {
        return (long) high << 2 * LOW_BITS | (long) middle << LOW_BITS | (long) low;
    }

    /**
     * One of the three floats of a double.
     *
     * @param part 0 to 2
     */
    public static float part(double value, int part) {
        return part(Double.doubleToRawLongBits(value), part);
    }

    /** The same of a double that starts from another value than 0. */
    public static float partFrom(double initial, double value, int part) {
        return part(Double.doubleToRawLongBits(value) ^ Double.doubleToRawLongBits(initial), part);
    }

    private static float part(long bits, int part) {
        return part == 0 ? bits >>> 2 * LOW_BITS : bits >>> (2 - part) * LOW_BITS & LOW;
    }

    /** The double that three floats hold, of one that starts from another value than 0. */
    public static double joinFrom(double initial, float high, float middle, float low) {
        return Double.longBitsToDouble(bits(high, middle, low) ^ Double.doubleToRawLongBits(initial));
    }

    /**
     * A served double that starts from some value.
     *
     * @param number which, counting doubles from {@code first}
     * @param first the served float at which the doubles begin
     */
    public static double getFrom(DenseSpan span, Weights weights, int first, int number, double initial) {
        int at = first + number * FLOATS;
        return joinFrom(initial, span.get(weights, at), span.get(weights, at + 1), span.get(weights, at + 2));
    }
}
