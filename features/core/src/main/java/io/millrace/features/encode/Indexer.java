package io.millrace.features.encode;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a feature vector into what a linear model sees: a constant, every element of every feature, and every combination
 * of elements of the crossed features, each at an index of the model's table.
 *
 * <p>An element's 64-bit id is its hash; that of a numeric feature, its field's hash of the empty value; that of an
 * embedding's i-th component, {@code combine(that hash, i)}. A numeric value v enters as {@code sgn(v) ln(1 + |v|)}: near 0 that is v itself, and a raw timestamp or
 * price cannot drown everything else. A cross combines its parts' ids in the declared order, and its value is the
 * product of its parts' values; where a part is missing there is no cross. The index is the upper {@code bits} bits of
 * {@code combine(seed, id)} (Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009; no sign
 * bit, since collisions at these table sizes are rare).
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class Indexer {
    /** The id of the constant feature, whose value is always 1. */
    public static final long CONSTANT = 0x6d696c6c72616365L;

    /** Receives what a vector expands to. */
    public interface Sink {
        /**
         * @param term which term of {@link #terms()}
         * @param elements for each feature of the term, which element of the vector
         */
        void accept(int index, float value, int term, int[] elements);
    }

    private final long seed;
    private final int shift;
    private final int constantIndex;
    private final int[][] terms;
    private final List<List<String>> names;
    private final int[][] scratch;
    private final long[] fieldHashes;

    public Indexer(PipelineSpec spec) {
        FeatureSet set = spec.featureSet();
        this.seed = spec.model().seed();
        this.shift = Long.SIZE - spec.model().bits();
        this.constantIndex = index(CONSTANT);
        List<List<String>> all = new ArrayList<>();
        set.features().forEach(feature -> all.add(List.of(feature.name())));
        all.addAll(spec.crosses());
        this.names = Collections.unmodifiableList(all);
        this.terms = all.stream()
                .map(term -> term.stream().mapToInt(set::indexOf).toArray())
                .toArray(int[][]::new);
        this.scratch = all.stream().map(term -> new int[term.size()]).toArray(int[][]::new);
        this.fieldHashes = set.features().stream()
                .mapToLong(feature -> FeatureHash.of(feature.name()).hash(""))
                .toArray();
    }

    /** What a model's terms are made of: every feature, then every cross. */
    public List<List<String>> terms() {
        return names;
    }

    /** The index of the constant feature. */
    public int constantIndex() {
        return constantIndex;
    }

    /** Replaces the content of {@code out}: the constant first, then term by term. */
    public void index(FeatureVector vector, SparseVector out) {
        out.clear();
        out.add(constantIndex, 1);
        for (int t = 0; t < terms.length; t++) {
            expand(vector, terms[t], 0, 0, 1, t, out, null);
        }
    }

    /** The same, telling where each index comes from; the constant is left out. */
    public void expand(FeatureVector vector, Sink sink) {
        for (int t = 0; t < terms.length; t++) {
            expand(vector, terms[t], 0, 0, 1, t, null, sink);
        }
    }

    private void expand(
            FeatureVector vector,
            int[] term,
            int depth,
            long before,
            float product,
            int number,
            @Nullable SparseVector out,
            @Nullable Sink sink) {
        int position = term[depth];
        if (!vector.isPresent(position)) {
            return;
        }
        boolean last = depth == term.length - 1;
        for (int e = vector.from(position); e < vector.to(position); e++) {
            long id = id(vector, position, e);
            long combined = depth == 0 ? id : FeatureHash.combine(before, id);
            float value = product * value(vector, position, e);
            scratch[number][depth] = e;
            if (!last) {
                expand(vector, term, depth + 1, combined, value, number, out, sink);
            } else if (out != null) {
                out.add(index(combined), value);
            } else if (sink != null) {
                sink.accept(index(combined), value, number, scratch[number]);
            }
        }
    }

    private long id(FeatureVector vector, int position, int element) {
        FeatureKind kind = vector.kind(position);
        return switch (kind) {
            case NUMERIC -> fieldHashes[position];
            case EMBEDDING -> FeatureHash.combine(fieldHashes[position], element - vector.from(position));
            case CATEGORICAL, CATEGORICAL_SET, WEIGHTED_SET, SEQUENCE -> vector.hash(element);
        };
    }

    private static float value(FeatureVector vector, int position, int element) {
        float value = vector.value(element);
        return vector.kind(position) == FeatureKind.NUMERIC
                ? (float) Math.copySign(StrictMath.log1p(Math.abs(value)), value)
                : value;
    }

    private int index(long id) {
        return (int) (FeatureHash.combine(seed, id) >>> shift);
    }
}
