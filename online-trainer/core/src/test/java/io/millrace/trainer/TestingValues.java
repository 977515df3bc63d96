package io.millrace.trainer;

import io.millrace.features.encode.FeatureHash;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** Values by the names of features, which vectors of several feature sets are filled with; none where one is missing. */
public final class TestingValues {
    private static final int VALUES = 12;

    private final Map<String, Long> seeds = new HashMap<>();

    /** Random values of all features of a set; one in five is missing. */
    public TestingValues(FeatureSet set, Random random) {
        for (Feature feature : set.features()) {
            if (random.nextInt(5) > 0) {
                seeds.put(feature.name(), random.nextLong());
            }
        }
    }

    private TestingValues(TestingValues other) {
        seeds.putAll(other.seeds);
    }

    /** The same without a feature. */
    public TestingValues without(String feature) {
        TestingValues without = new TestingValues(this);
        without.seeds.remove(feature);
        return without;
    }

    /** Whether a feature has a value. */
    public boolean has(String feature) {
        return seeds.containsKey(feature);
    }

    /** A vector of those values that a set has features for. */
    public FeatureVector vector(FeatureSet set) {
        FeatureVector vector = new FeatureVector(set);
        for (int position = 0; position < set.size(); position++) {
            Feature feature = set.features().get(position);
            Long seed = seeds.get(feature.name());
            if (seed != null) {
                fill(vector, position, feature, new Random(seed));
            }
        }
        return vector;
    }

    private static void fill(FeatureVector vector, int position, Feature feature, Random random) {
        switch (feature.kind()) {
            case NUMERIC -> vector.numeric(position, (float) random.nextGaussian() * 10);
            case CATEGORICAL -> vector.categorical(position, hash(feature, random.nextInt(VALUES)));
            case CATEGORICAL_SET ->
                vector.hashes(
                        position,
                        random.ints(0, VALUES)
                                .limit(random.nextInt(4))
                                .distinct()
                                .mapToLong(value -> hash(feature, value))
                                .toArray());
            case SEQUENCE ->
                vector.hashes(
                        position,
                        LongStream.range(0, random.nextInt(4))
                                .map(i -> hash(feature, random.nextInt(VALUES)))
                                .toArray());
            case WEIGHTED_SET ->
                vector.weightedSet(
                        position, new long[] {hash(feature, random.nextInt(VALUES))}, new float[] {random.nextFloat()});
            case EMBEDDING -> vector.embedding(position, random.nextFloat(), -random.nextFloat());
        }
    }

    private static long hash(Feature feature, int value) {
        return FeatureHash.of(feature.name()).hash(Integer.toString(value));
    }
}
