package io.millrace.features.aggregate;

/**
 * Exponential decay by half-life: what is of age a counts 2^(-a / halfLife).
 *
 * <p>States keep their sums as of a time of their own and move them forward by a factor of the difference, never by a factor of
 * the time since 1970: that factor is between 0 and 1 and exact to half a unit in the last place, however old the state is.
 *
 * @param halfLifeMicros 0 for no decay
 */
record Decay(long halfLifeMicros) {
    static final Decay NONE = new Decay(0);

    /** What something that is so old counts; of something newer, what it counted more then. */
    double factor(long ageMicros) {
        return halfLifeMicros == 0 || ageMicros == 0
                ? 1
                : StrictMath.pow(2, -(double) ageMicros / (double) halfLifeMicros);
    }
}
