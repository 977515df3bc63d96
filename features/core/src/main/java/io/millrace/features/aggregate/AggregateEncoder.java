package io.millrace.features.aggregate;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.DecisionSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts what aggregates are worth at a time into a vector, after the features that were declared.
 *
 * <p>An element of {@code top_k}, {@code last_k}, {@code count_by} and of a set with {@code each} is {@code combine(the hash of
 * the feature's name and the empty value, the hash of the category)}, so that a genre that was seen is not the genre shown.
 * Where {@code by} has a set, the value is the mean of those of its elements that have one; for more entities than {@link
 * Router#MOST_ENTITIES} the feature is missing.
 */
public final class AggregateEncoder {
    private static final FeatureHash ITEM = FeatureHash.of(DecisionSpec.ITEM);

    private final List<Encoded> shared = new ArrayList<>();
    private final List<Encoded> candidate = new ArrayList<>();
    private final List<AggregateGroup> groups;
    private final FeatureSet set;

    /** One aggregate and where it goes. */
    private static final class Encoded {
        private final AggregateSpec spec;
        private final Valuation valuation;
        private final int group;
        private final int index;
        private final int position;
        private final long field;

        Encoded(AggregateSpec spec, int group, int index, int position) {
            this.spec = spec;
            this.valuation = new Valuation(spec);
            this.group = group;
            this.index = index;
            this.position = position;
            this.field = FeatureHash.of(spec.name()).hash("");
        }
    }

    public AggregateEncoder(PipelineSpec spec) {
        this.groups = AggregateGroup.of(spec);
        this.set = spec.featureSet();
        for (AggregateSpec aggregate : spec.aggregates()) {
            int group = groups.stream().map(AggregateGroup::by).toList().indexOf(aggregate.by());
            int index = groups.get(group).aggregates().indexOf(aggregate);
            Encoded encoded = new Encoded(aggregate, group, index, set.indexOf(aggregate.name()));
            (spec.decision().isShared(aggregate) ? shared : candidate).add(encoded);
        }
    }

    /** Appends the aggregates that all candidates share, after the declared features that they share. */
    public void encodeShared(FeatureVector vector, long timeMicros, EntitySource source) {
        shared.forEach(one -> encode(one, new long[0], vector, timeMicros, source));
    }

    /** Appends the aggregates of a candidate, after its declared features. */
    public void encodeCandidate(String item, FeatureVector vector, long timeMicros, EntitySource source) {
        if (!candidate.isEmpty()) {
            long[] hash = {ITEM.hash(item)};
            candidate.forEach(one -> encode(one, hash, vector, timeMicros, source));
        }
    }

    private void encode(Encoded one, long[] item, FeatureVector vector, long timeMicros, EntitySource source) {
        AggregateGroup group = groups.get(one.group);
        long[][] values = group.by().stream()
                .map(name -> name.equals(DecisionSpec.ITEM) ? item : hashes(vector, name))
                .toArray(long[][]::new);
        if (Entities.count(values) > Router.MOST_ENTITIES) {
            return;
        }
        if (one.spec.function().kind() != FeatureKind.NUMERIC) {
            Entities.forEach(
                    group, values, entity -> categories(one, source.find(one.group, entity), vector, timeMicros));
        } else if (one.spec.each()) {
            each(one, group, values, vector, timeMicros, source);
        } else {
            double[] sumAndCount = new double[2];
            Entities.forEach(group, values, entity -> {
                double value = one.valuation.of(source.find(one.group, entity), one.index, timeMicros);
                if (!Double.isNaN(value)) {
                    sumAndCount[0] += value;
                    sumAndCount[1]++;
                }
            });
            double mean = sumAndCount[0] / sumAndCount[1];
            if (!Double.isNaN(mean)) {
                vector.numeric(one.position, toFloat(mean));
            }
        }
    }

    private long[] hashes(FeatureVector vector, String name) {
        int position = set.indexOf(name);
        return vector.isPresent(position)
                ? Arrays.copyOfRange(vector.hashes(), vector.from(position), vector.to(position))
                : new long[0];
    }

    private void categories(Encoded one, @Nullable EntityValues values, FeatureVector vector, long timeMicros) {
        @Nullable Summary summary = values == null ? null : values.summary(one.index, timeMicros);
        if (summary == null) {
            return;
        }
        long[] hashes = Arrays.stream(summary.hashes())
                .map(hash -> FeatureHash.combine(one.field, hash))
                .toArray();
        if (one.spec.function().kind() == FeatureKind.WEIGHTED_SET) {
            double factor = one.valuation.factor(values, timeMicros);
            float[] weights = new float[hashes.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = toFloat(summary.numbers()[i] * factor);
            }
            vector.weightedSet(one.position, hashes, weights);
        } else {
            if (one.spec.function().kind() == FeatureKind.CATEGORICAL_SET) {
                Arrays.sort(hashes);
            }
            vector.hashes(one.position, hashes);
        }
    }

    /** An element's hash is of its set's members alone: what else the entity is by is the same for all of them. */
    private void each(
            Encoded one,
            AggregateGroup group,
            long[][] values,
            FeatureVector vector,
            long timeMicros,
            EntitySource source) {
        int sets = (int) group.by().stream().filter(this::isSet).count();
        List<Long> hashes = new ArrayList<>();
        List<Float> weights = new ArrayList<>();
        Entities.forEachChosen(values, chosen -> {
            double value = one.valuation.of(source.find(one.group, group.entity(chosen)), one.index, timeMicros);
            if (!Double.isNaN(value)) {
                long hash = one.field;
                for (int i = 0; i < chosen.length; i++) {
                    hash = isSet(group.by().get(i)) ? FeatureHash.combine(hash, chosen[i]) : hash;
                }
                hashes.add(hash);
                weights.add(toFloat(value));
            }
        });
        if (sets > 0 && !hashes.isEmpty()) {
            float[] numbers = new float[weights.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = weights.get(i);
            }
            vector.weightedSet(
                    one.position, hashes.stream().mapToLong(Long::longValue).toArray(), numbers);
        }
    }

    private boolean isSet(String name) {
        int position = set.indexOf(name);
        return position >= 0 && set.features().get(position).kind() == FeatureKind.CATEGORICAL_SET;
    }

    private static float toFloat(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }
}
