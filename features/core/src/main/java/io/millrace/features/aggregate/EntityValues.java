package io.millrace.features.aggregate;

import io.millrace.record.AggregateValue;
import io.millrace.record.FeatureValues;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the aggregates of one entity are worth, as they travel and as serving keeps them. Immutable. */
public final class EntityValues {
    private static final int ENTITY_BYTES = 200;
    private static final int SUMMARY_BYTES = 56;
    private static final HexFormat HEX = HexFormat.of();

    private final long asOfMicros;
    private final @Nullable Summary[] summaries;
    private final long[] validUntilMicros;

    private EntityValues(long asOfMicros, @Nullable Summary[] summaries, long[] validUntilMicros) {
        this.asOfMicros = asOfMicros;
        this.summaries = summaries;
        this.validUntilMicros = validUntilMicros;
    }

    /** What a record says of a group's aggregates; what is of another definition is passed over. */
    public static EntityValues of(FeatureValues record, AggregateGroup group) {
        int n = group.aggregates().size();
        @Nullable Summary[] summaries = new Summary[n];
        long[] validUntil = new long[n];
        for (AggregateValue value : record.getValues()) {
            int index = group.definitions().indexOf(value.getDefinition());
            if (index >= 0 && group.aggregates().get(index).name().equals(value.getFeature())) {
                summaries[index] = new Summary(
                        value.getNumbers().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray(),
                        value.getHashes().stream().mapToLong(Long::longValue).toArray());
                validUntil[index] = value.getValidUntilMicros();
            }
        }
        return new EntityValues(record.getAsOfMicros(), summaries, validUntil);
    }

    /** The record of an entity's state. */
    public static FeatureValues record(AggregateGroup group, long entity, EntityState state) {
        List<AggregateValue> values = new ArrayList<>();
        for (int i = 0; i < group.aggregates().size(); i++) {
            @Nullable Summary summary = state.summary(i);
            if (summary != null) {
                List<Double> numbers = new ArrayList<>(summary.numbers().length);
                for (double number : summary.numbers()) {
                    numbers.add(number);
                }
                List<Long> hashes = new ArrayList<>(summary.hashes().length);
                for (long hash : summary.hashes()) {
                    hashes.add(hash);
                }
                values.add(new AggregateValue(
                        group.aggregates().get(i).name(),
                        group.definitions().get(i),
                        numbers,
                        hashes,
                        state.validUntil(i)));
            }
        }
        return new FeatureValues(
                group.text(),
                key(entity),
                state.nowMicros(),
                values,
                state.positions().taken(),
                state.positions().read());
    }

    /** An entity as it stands in records. */
    public static String key(long entity) {
        return HEX.toHexDigits(entity);
    }

    /** What an aggregate is worth at a time; none where nothing of it is in sight any more. */
    @Nullable
    Summary summary(int aggregate, long timeMicros) {
        return timeMicros < validUntilMicros[aggregate] ? summaries[aggregate] : null;
    }

    /** The event time that everything is as of. */
    public long asOfMicros() {
        return asOfMicros;
    }

    /** About how much memory it takes where it is kept by its entity, in bytes. */
    public int memory() {
        int bytes = ENTITY_BYTES;
        for (Summary summary : summaries) {
            if (summary != null) {
                bytes += SUMMARY_BYTES + Long.BYTES * (summary.numbers().length + summary.hashes().length);
            }
        }
        return bytes;
    }
}
