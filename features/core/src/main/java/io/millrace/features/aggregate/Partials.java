package io.millrace.features.aggregate;

import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.Horizon;
import java.time.Duration;

/** Makes the empty partial states of one aggregate. */
final class Partials {
    private final AggregateSpec spec;
    private final Decay decay;

    Partials(AggregateSpec spec) {
        this.spec = spec;
        this.decay =
                spec.horizon() instanceof Horizon.Decay horizon ? new Decay(micros(horizon.halfLife())) : Decay.NONE;
    }

    Partial empty() {
        return switch (spec.function()) {
            case COUNT -> new Sums(decay, false, true);
            case SUM -> new Sums(decay, false, false);
            case MEAN -> new Sums(decay, true, false);
            case RATE -> new Sums(decay, true, true);
            case MIN, AGE -> new Extreme(false);
            case MAX, SINCE_LAST -> new Extreme(true);
            case LAST -> new Latest(1, false);
            case DISTINCT -> new Distinct();
            case QUANTILE -> new Quantiles(spec.quantile());
            case TOP_K -> new Frequent(spec.k());
            case LAST_K -> new Latest(spec.k(), true);
            case COUNT_BY -> new CountBy(decay);
        };
    }

    static long micros(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
    }
}
