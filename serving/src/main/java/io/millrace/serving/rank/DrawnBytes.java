package io.millrace.serving.rank;

import io.millrace.record.Candidate;

/**
 * How many bytes candidates take in a record of which each is drawn with the same probability: no more than all of them, and no more than
 * one draw in a billion exceeds (Bernstein's inequality). It is the same whatever is drawn. Not thread-safe.
 */
final class DrawnBytes {
    private static final double LOG_BILLION = Math.log(1e9);
    /** A {@link Candidate} beside its item and features: two lengths and a score. */
    private static final int OVERHEAD = 5 + 5 + Float.BYTES;

    private static final int MAX_UTF8 = 3;
    /** The array's counts. */
    private static final int FRAME = 12;

    private final double rate;
    private double sum;
    private double squares;
    private double largest;

    DrawnBytes(double rate) {
        this.rate = rate;
    }

    void add(String item, int featureBytes) {
        double bytes = (double) item.length() * MAX_UTF8 + featureBytes + OVERHEAD;
        sum += bytes;
        squares += bytes * bytes;
        largest = Math.max(largest, bytes);
    }

    long most() {
        if (sum == 0) {
            return 0;
        }
        double third = largest * LOG_BILLION / 3;
        double variance = squares * rate * (1 - rate);
        double beyond = third + Math.sqrt(third * third + 2 * variance * LOG_BILLION);
        return FRAME + (long) Math.ceil(Math.min(sum, sum * rate + beyond));
    }
}
