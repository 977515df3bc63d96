package io.millrace.features.encode;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids and values that a model sees in place of a vector's elements, position by position.
 *
 * <p>An element's id is its hash; that of a numeric feature, its field's hash of the empty value; that of an embedding's i-th
 * component, {@code combine(that hash, i)}. A numeric value v enters as {@code sgn(v) ln(1 + |v|)}: near 0 that is v itself,
 * and a raw timestamp or price cannot drown everything else. A numeric feature in bins is the id {@code combine(its field's
 * hash, bin)} with value 1; bins of one width have the number {@code floor(v / width)}, quantile bins count from 0, and a
 * value on an edge lies below it. The offset is no element.
 *
 * <p>Not thread-safe.
 */
final class Elements {
    private final int[] from;
    private final int[] to;
    private final long[] fieldHashes;
    private final @Nullable Bins[] bins;
    private final int[] quantile;
    private final int offsetPosition;
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
        this.quantile = new int[set.size()];
        List<String> quantiles = QuantileBins.features(spec);
        spec.bins().forEach((name, how) -> {
            int position = set.indexOf(name);
            bins[position] = how;
            quantile[position] = quantiles.indexOf(name);
        });
        @Nullable String offset = spec.model().offset();
        this.offsetPosition = offset == null ? -1 : set.indexOf(offset);
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

    void fill(FeatureVector vector, BinEdges edges) {
        size = 0;
        for (int p = 0; p < from.length; p++) {
            from[p] = size;
            if (vector.isPresent(p) && p != offsetPosition) {
                switch (vector.kind(p)) {
                    case NUMERIC -> numeric(vector, p, edges);
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

    private void numeric(FeatureVector vector, int position, BinEdges edges) {
        int element = vector.from(position);
        float value = vector.value(element);
        @Nullable Bins how = bins[position];
        if (how instanceof Bins.Width steps) {
            long bin = (long) Math.floor(value / steps.width());
            add(FeatureHash.combine(fieldHashes[position], bin), 1, element);
        } else if (how instanceof Bins.Quantiles quantiles) {
            int bin = QuantileBins.bin(value, edges, quantile[position], quantiles.count());
            add(FeatureHash.combine(fieldHashes[position], bin), 1, element);
        } else {
            add(fieldHashes[position], (float) Math.copySign(StrictMath.log1p(Math.abs(value)), value), element);
        }
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
