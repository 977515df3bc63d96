package io.millrace.features.aggregate;

import io.millrace.features.spec.AggregateFunction;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.Horizon;
import org.jspecify.annotations.Nullable;

/** What an aggregate that is a number is worth when it is read. */
final class Valuation {
    private static final double MICROS = 1e6;
    private static final double LEAST = 1e-6;

    private final AggregateSpec spec;
    private final Decay decay;

    Valuation(AggregateSpec spec) {
        this.spec = spec;
        this.decay = spec.horizon() instanceof Horizon.Decay horizon
                ? new Decay(Partials.micros(horizon.halfLife()))
                : Decay.NONE;
    }

    /**
     * @param values none where nothing is known of the entity
     * @return not a number where it has no value: then the feature is missing
     */
    double of(@Nullable EntityValues values, int aggregate, long timeMicros) {
        @Nullable Summary summary = values == null ? null : values.summary(aggregate, timeMicros);
        if (summary == null) {
            return ofNothing();
        }
        double[] numbers = summary.numbers();
        long age = timeMicros - values.asOfMicros();
        double factor = age <= 0 ? 1 : decay.factor(age);
        return switch (spec.function()) {
            case COUNT, SUM -> numbers[0] * factor;
            case MEAN -> numbers[1] > 0 ? numbers[0] / numbers[1] : Double.NaN;
            case RATE -> rate(numbers[0] * factor, numbers[1] * factor);
            case AGE, SINCE_LAST -> Math.max(0, timeMicros - numbers[0]) / MICROS;
            case MIN, MAX, LAST, DISTINCT, QUANTILE -> numbers[0];
            case TOP_K, LAST_K, COUNT_BY -> throw new IllegalStateException(spec.function() + " is no number");
        };
    }

    private double ofNothing() {
        AggregateFunction function = spec.function();
        return switch (function) {
            case COUNT, SUM, DISTINCT -> 0;
            case RATE -> rate(0, 0);
            case MEAN, MIN, MAX, LAST, QUANTILE, AGE, SINCE_LAST -> Double.NaN;
            case TOP_K, LAST_K, COUNT_BY -> throw new IllegalStateException(function + " is no number");
        };
    }

    private double rate(double count, double per) {
        AggregateSpec.Prior prior = spec.prior();
        double p = (count + prior.strength() * prior.rate()) / (per + prior.strength());
        if (!prior.logOdds() || Double.isNaN(p)) {
            return p;
        }
        double inside = Math.min(1 - LEAST, Math.max(LEAST, p));
        return StrictMath.log(inside / (1 - inside));
    }

    /** How a sum that was published earlier counts now. */
    double factor(EntityValues values, long timeMicros) {
        long age = timeMicros - values.asOfMicros();
        return age <= 0 ? 1 : decay.factor(age);
    }
}
