package io.millrace.features.aggregate;

/**
 * The value of one aggregate for one entity, as far as it does not depend on when it is read.
 *
 * @param numbers by function: {@code count, sum} the sum; {@code mean, rate} dividend and divisor; {@code age, since_last} the
 *     event time; {@code count_by} a sum for each category; {@code top_k, last_k} none; otherwise the value
 * @param hashes the categories; of {@code last_k} the latest last, of {@code top_k} the most frequent first
 */
public record Summary(double[] numbers, long[] hashes) {
    private static final double[] NO_NUMBERS = {};
    private static final long[] NO_HASHES = {};

    static Summary of(double... numbers) {
        return new Summary(numbers, NO_HASHES);
    }

    static Summary of(long[] hashes) {
        return new Summary(NO_NUMBERS, hashes);
    }
}
