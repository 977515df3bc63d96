package io.millrace.features.consistency;

/**
 * What one feature of one entity is worth when it is read.
 *
 * @param number not a number where it is none, or missing
 * @param hashes its categories, where it has some
 * @param weights of these, where they have some
 * @param scale how large the numbers are that it is a sum of: rounding is relative to that
 * @param tolerance beside rounding, how far off an estimate may be, relative
 * @param isCertain whether the log says it; else it depends on what is not there any more
 */
public record Reading(
        double number, long[] hashes, double[] weights, double scale, double tolerance, boolean isCertain) {
    private static final long[] NO_HASHES = {};
    private static final double[] NO_WEIGHTS = {};
    static final Reading MISSING = of(Double.NaN);
    static final Reading UNCERTAIN = new Reading(Double.NaN, NO_HASHES, NO_WEIGHTS, 0, 0, false);

    static Reading of(double number) {
        return of(number, Math.abs(number));
    }

    static Reading of(double number, double scale) {
        return new Reading(number, NO_HASHES, NO_WEIGHTS, scale, 0, true);
    }

    static Reading estimate(double number, double tolerance) {
        return new Reading(number, NO_HASHES, NO_WEIGHTS, Math.abs(number), tolerance, true);
    }

    static Reading of(long[] hashes) {
        return new Reading(Double.NaN, hashes, NO_WEIGHTS, 0, 0, true);
    }

    static Reading of(long[] hashes, double[] weights) {
        return new Reading(Double.NaN, hashes, weights, 0, 0, true);
    }
}
