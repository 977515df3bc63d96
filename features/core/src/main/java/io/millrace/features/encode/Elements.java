package io.millrace.features.encode;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ids and values that a model sees in place of a vector's elements, position by position.
 *
 * <p>An element's id is its hash; that of a numeric feature, its field's hash of the empty value; that of an embedding's i-th
 * component, {@code combine(that hash, i)}. A numeric value v enters as {@code sgn(v) ln(1 + |v|)}: near 0 that is v itself,
 * and a raw timestamp or price cannot drown everything else; only to learners with {@link LearnerKind#rawNumerics} it is v. In bins it is the id {@code combine(its field's hash, bin)};
 * bins of one width have the number {@code floor(v / width)} and value 1. Quantile bins count from 0: a value on a centre is
 * its bin with value 1, one between the centres of bins i and j is both, with values that add up to 1 and change linearly from
 * one to the other; beyond the outermost centres, the outermost bins. Where {@link LearnedNumeric} says so, the value less its
 * mean, over its standard deviation and clipped to ± 5, comes first. The offset is no element.
 *
 * <p>Not thread-safe.
 */
final class Elements {
    private static final int NOT_LEARNED = -1;
    private static final float MOST_DEVIATIONS = 5;

    private final int[] from;
    private final int[] to;
    private final long[] fieldHashes;
    private final @Nullable Bins[] bins;
    private final int[] learnedAs;
    private final List<LearnedNumeric> learned;
    private final int offsetPosition;
    private final boolean rawNumerics;
    private final boolean[] asTheyAre;
    private final int[] all;
    private final int[] some;
    private long[] ids = new long[64];
    private float[] values = new float[64];
    private int[] sources = new int[64];
    private int size;

    Elements(PipelineSpec spec) {
        FeatureSet set = spec.featureSet();
        this.from = new int[set.size()];
        this.to = new int[set.size()];
        this.fieldHashes = set.features().stream()
                .mapToLong(feature -> FeatureHash.of(feature.name()).hash(""))
                .toArray();
        this.bins = new Bins[set.size()];
        spec.bins().forEach((name, how) -> bins[set.indexOf(name)] = how);
        this.learned = LearnedNumeric.of(spec);
        this.learnedAs = new int[set.size()];
        Arrays.fill(learnedAs, NOT_LEARNED);
        for (int i = 0; i < learned.size(); i++) {
            learnedAs[learned.get(i).position()] = i;
        }
        @Nullable String offset = spec.model().offset();
        this.offsetPosition = offset == null ? -1 : set.indexOf(offset);
        this.rawNumerics = spec.model().learner().rawNumerics();
        this.asTheyAre = new boolean[set.size()];
        for (int p = 0; p < asTheyAre.length; p++) {
            asTheyAre[p] = switch (set.features().get(p).kind()) {
                case NUMERIC, EMBEDDING -> false;
                case CATEGORICAL, CATEGORICAL_SET, WEIGHTED_SET, SEQUENCE -> true;
            };
        }
        this.all = IntStream.range(0, set.size()).toArray();
        this.some = IntStream.range(0, set.size())
                .filter(p ->
                        !asTheyAre[p] || isCrossed(spec, set.features().get(p).name()))
                .toArray();
    }

    private static boolean isCrossed(PipelineSpec spec, String feature) {
        return spec.crosses().stream().anyMatch(cross -> cross.contains(feature));
    }

    /** Whether a position's elements are those of the vector, ids and values alike. */
    boolean isAsItIs(int position) {
        return asTheyAre[position];
    }

    int from(int position) {
        return from[position];
    }

    int to(int position) {
        return to[position];
    }

    long id(int element) {
        return ids[element];
    }

    float value(int element) {
        return values[element];
    }

    /** Which element of the vector it stands for. */
    int source(int element) {
        return sources[element];
    }

    /** Finds all elements. */
    void fill(FeatureVector vector, Numerics numerics) {
        fill(vector, numerics, all);
    }

    /** Finds those elements that are in crosses or not {@link #isAsItIs as they are}: the others need not be copied. */
    void fillSome(FeatureVector vector, Numerics numerics) {
        fill(vector, numerics, some);
    }

    private void fill(FeatureVector vector, Numerics numerics, int[] which) {
        size = 0;
        for (int p : which) {
            from[p] = size;
            if (vector.isPresent(p) && p != offsetPosition) {
                switch (vector.kind(p)) {
                    case NUMERIC -> numeric(vector, p, numerics);
                    case EMBEDDING -> {
                        int first = vector.from(p);
                        for (int e = first; e < vector.to(p); e++) {
                            add(FeatureHash.combine(fieldHashes[p], e - first), vector.value(e), e);
                        }
                    }
                    case CATEGORICAL, CATEGORICAL_SET, WEIGHTED_SET, SEQUENCE -> {
                        for (int e = vector.from(p); e < vector.to(p); e++) {
                            add(vector.hash(e), vector.value(e), e);
                        }
                    }
                }
            }
            to[p] = size;
        }
    }

    private void numeric(FeatureVector vector, int position, Numerics numerics) {
        int element = vector.from(position);
        float value = vector.value(element);
        @Nullable Bins how = bins[position];
        long field = fieldHashes[position];
        if (how instanceof Bins.Width steps) {
            add(FeatureHash.combine(field, (long) Math.floor(value / steps.width())), 1, element);
        } else if (learnedAs[position] != NOT_LEARNED) {
            LearnedNumeric about = learned.get(learnedAs[position]);
            if (about.standardized()) {
                float deviations = (value - numerics.get(learnedAs[position], about.mean()))
                        * numerics.get(learnedAs[position], about.inverseDeviation());
                add(field, Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, deviations)), element);
            }
            bins(field, value, learnedAs[position], about.bins(), numerics, element);
        } else if (rawNumerics) {
            add(field, value, element);
        } else {
            add(field, (float) Math.copySign(StrictMath.log1p(Math.abs(value)), value), element);
        }
    }

    private void bins(long field, float value, int feature, int count, Numerics numerics, int element) {
        int above = firstAtLeast(value, feature, count, numerics);
        if (above < count && (above == 0 || numerics.get(feature, above) == value)) {
            add(FeatureHash.combine(field, above), 1, element);
            return;
        }
        float center = numerics.get(feature, above - 1);
        int below = firstAtLeast(center, feature, count, numerics);
        if (above == count) {
            add(FeatureHash.combine(field, below), 1, element);
            return;
        }
        float share = (value - center) / (numerics.get(feature, above) - center);
        add(FeatureHash.combine(field, below), 1 - share, element);
        add(FeatureHash.combine(field, above), share, element);
    }

    /** The first bin whose centre is not below the value: of bins with one centre, the first stands for all. */
    private static int firstAtLeast(float value, int feature, int count, Numerics numerics) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (numerics.get(feature, middle) < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void add(long id, float value, int source) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
            values = Arrays.copyOf(values, size * 2);
            sources = Arrays.copyOf(sources, size * 2);
        }
        ids[size] = id;
        values[size] = value;
        sources[size++] = source;
    }
}
