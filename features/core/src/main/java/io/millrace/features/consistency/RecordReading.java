package io.millrace.features.consistency;

import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.Horizon;
import io.millrace.record.AggregateValue;
import io.millrace.record.FeatureValues;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a feature is by a record of {@code feature-values}, whether that is right or not. */
public final class RecordReading {
    private RecordReading() {}

    /**
     * @param record what is known of the entity; none where nothing is
     * @param definition of the feature, as it stands in records
     * @param timeMicros when it is read
     */
    public static Reading of(
            AggregateSpec aggregate, @Nullable FeatureValues record, long definition, long timeMicros) {
        if (record == null) {
            return Formula.ofNothing(aggregate);
        }
        return record.getValues().stream()
                .filter(value -> value.getDefinition() == definition
                        && value.getFeature().equals(aggregate.name())
                        && timeMicros < value.getValidUntilMicros())
                .findFirst()
                .map(value -> of(aggregate, value, Math.max(0, timeMicros - record.getAsOfMicros()), timeMicros))
                .orElseGet(() -> Formula.ofNothing(aggregate));
    }

    private static Reading of(AggregateSpec aggregate, AggregateValue value, long ageMicros, long timeMicros) {
        List<Double> numbers = value.getNumbers();
        long[] hashes = value.getHashes().stream().mapToLong(Long::longValue).toArray();
        double factor = aggregate.horizon() instanceof Horizon.Decay decay
                ? Formula.decayed(
                        ageMicros,
                        TimeUnit.NANOSECONDS.toMicros(decay.halfLife().toNanos()))
                : 1;
        return switch (aggregate.function()) {
            case COUNT, SUM -> Reading.of(numbers.get(0) * factor);
            case MEAN -> numbers.get(1) > 0 ? Reading.of(numbers.get(0) / numbers.get(1)) : Reading.MISSING;
            case RATE -> Formula.rate(aggregate, numbers.get(0) * factor, numbers.get(1) * factor);
            case AGE, SINCE_LAST -> Reading.of(Formula.seconds(numbers.get(0), timeMicros));
            case MIN, MAX, LAST, DISTINCT, QUANTILE -> Reading.of(numbers.get(0));
            case TOP_K, LAST_K -> Reading.of(hashes);
            case COUNT_BY ->
                Reading.of(
                        hashes,
                        numbers.stream().mapToDouble(number -> number * factor).toArray());
        };
    }
}
