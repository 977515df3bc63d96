package io.millrace.features.consistency;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.AggregateFunction;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.DecisionSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** Compares one feature of a logged vector with what its entities are worth. */
public final class FeatureCheck {
    private static final FeatureHash ITEM = FeatureHash.of(DecisionSpec.ITEM);

    private final AggregateSpec aggregate;
    private final FeatureSet set;
    private final int position;
    private final long field;

    public FeatureCheck(PipelineSpec spec, AggregateSpec aggregate) {
        this.aggregate = aggregate;
        this.set = spec.featureSet();
        this.position = set.indexOf(aggregate.name());
        this.field = FeatureHash.of(aggregate.name()).hash("");
    }

    public AggregateSpec aggregate() {
        return aggregate;
    }

    /** The entities whose values the feature is made of. */
    public List<EntityName> entities(FeatureVector vector, String item) {
        List<long[]> values = aggregate.by().stream()
                .map(name -> name.equals(DecisionSpec.ITEM) ? new long[] {ITEM.hash(item)} : hashes(vector, name))
                .toList();
        return Combination.of(aggregate.by(), values);
    }

    /** @param readings what an entity is worth */
    public Comparison compare(FeatureVector vector, String item, Function<EntityName, Reading> readings) {
        List<EntityName> entities = entities(vector, item);
        List<Reading> found = entities.stream().map(readings).toList();
        if (!found.stream().allMatch(Reading::isCertain)) {
            return Comparison.uncertain();
        }
        AggregateFunction function = aggregate.function();
        if (aggregate.each()) {
            return Comparison.ofWeights(weights(vector), each(entities, found));
        }
        if (function == AggregateFunction.COUNT_BY) {
            TreeMap<Long, Reading> recomputed = new TreeMap<>();
            found.forEach(one -> {
                for (int i = 0; i < one.hashes().length; i++) {
                    recomputed.put(FeatureHash.combine(field, one.hashes()[i]), Reading.of(one.weights()[i]));
                }
            });
            return Comparison.ofWeights(weights(vector), recomputed);
        }
        if (function == AggregateFunction.TOP_K || function == AggregateFunction.LAST_K) {
            long[] recomputed = found.stream()
                    .flatMapToLong(one -> Arrays.stream(one.hashes()))
                    .map(hash -> FeatureHash.combine(field, hash))
                    .toArray();
            if (function == AggregateFunction.TOP_K) {
                Arrays.sort(recomputed);
            }
            return Comparison.ofCategories(hashes(vector, aggregate.name()), recomputed);
        }
        return mean(vector, found);
    }

    /** Of several entities, the mean of those that have a value. */
    private Comparison mean(FeatureVector vector, List<Reading> found) {
        List<Reading> present =
                found.stream().filter(one -> !Double.isNaN(one.number())).toList();
        double logged = vector.isPresent(position) ? vector.value(vector.from(position)) : Double.NaN;
        return Comparison.ofNumbers(
                logged,
                present.stream().mapToDouble(Reading::number).average().orElse(Double.NaN),
                present.stream().mapToDouble(Reading::scale).average().orElse(0),
                present.stream().mapToDouble(Reading::tolerance).max().orElse(0));
    }

    /** A weight for each entity, under the members of the sets that name it. */
    private TreeMap<Long, Reading> each(List<EntityName> entities, List<Reading> found) {
        TreeMap<Long, Reading> weights = new TreeMap<>();
        for (int e = 0; e < entities.size(); e++) {
            if (!Double.isNaN(found.get(e).number())) {
                long hash = field;
                for (int i = 0; i < aggregate.by().size(); i++) {
                    if (isSet(aggregate.by().get(i))) {
                        hash = FeatureHash.combine(
                                hash, entities.get(e).hashes().get(i));
                    }
                }
                weights.put(hash, found.get(e));
            }
        }
        return weights;
    }

    private boolean isSet(String name) {
        int at = set.indexOf(name);
        return at >= 0 && set.features().get(at).kind() == FeatureKind.CATEGORICAL_SET;
    }

    private TreeMap<Long, Double> weights(FeatureVector vector) {
        TreeMap<Long, Double> weights = new TreeMap<>();
        if (vector.isPresent(position)) {
            for (int e = vector.from(position); e < vector.to(position); e++) {
                weights.put(vector.hash(e), (double) vector.value(e));
            }
        }
        return weights;
    }

    private long[] hashes(FeatureVector vector, String name) {
        int at = set.indexOf(name);
        return vector.isPresent(at) ? Arrays.copyOfRange(vector.hashes(), vector.from(at), vector.to(at)) : new long[0];
    }
}
