package io.millrace.features.consistency;

import io.millrace.features.spec.AggregateSpec;

/** How a value is made of what was added up. */
final class Formula {
    private static final double MICROS = 1e6;
    private static final double LEAST = 1e-6;

    private Formula() {}

    /** Of an entity of which nothing is known. */
    static Reading ofNothing(AggregateSpec aggregate) {
        return switch (aggregate.function()) {
            case COUNT, SUM, DISTINCT -> Reading.of(0);
            case RATE -> rate(aggregate, 0, 0);
            case MEAN, MIN, MAX, LAST, QUANTILE, AGE, SINCE_LAST, TOP_K, LAST_K, COUNT_BY -> Reading.MISSING;
        };
    }

    static Reading rate(AggregateSpec aggregate, double count, double per) {
        AggregateSpec.Prior prior = aggregate.prior();
        double share = (count + prior.rate() * prior.strength()) / (per + prior.strength());
        if (!prior.logOdds() || Double.isNaN(share)) {
            return Reading.of(share);
        }
        double p = Math.max(LEAST, Math.min(share, 1 - LEAST));
        double odds = Math.log(p) - Math.log1p(-p);
        return Reading.of(odds, Math.max(1, Math.abs(odds)));
    }

    /** Seconds from one time to another. */
    static double seconds(double fromMicros, long toMicros) {
        return Math.max(0, toMicros - fromMicros) / MICROS;
    }

    static double decayed(long ageMicros, long halfLifeMicros) {
        return Math.exp(-Math.log(2) * ageMicros / halfLifeMicros);
    }
}
