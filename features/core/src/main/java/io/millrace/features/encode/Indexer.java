package io.millrace.features.encode;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a feature vector into what a model sees: a constant, every element of every feature, and every combination of
 * elements of the crossed features, each with an id and at a row of the model's table.
 *
 * <p>What an element's 64-bit id and value are, {@link Elements} says. A cross combines its parts' ids in the declared order,
 * and its value is the product of its parts' values; where a part is missing there is no cross. The row is the upper {@code
 * bits} bits of {@code combine(seed, id)}, counted from the first row of features (Weinberger et al., "Feature hashing for
 * large scale multitask learning", ICML 2009; no sign bit, since collisions at these table sizes are rare).
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class Indexer {
    /** The id of the constant feature, whose value is always 1. */
    public static final long CONSTANT = 0x6d696c6c72616365L;

    private static final int NO_TERM = -1;

    /** Receives what a vector expands to. */
    public interface Sink {
        /**
         * @param id what the element is
         * @param index the row that its id is hashed to
         * @param term which term of {@link #terms()}
         * @param elements for each feature of the term, which element of the vector
         */
        void accept(long id, int index, float value, int term, int[] elements);
    }

    private final long seed;
    private final int shift;
    private final int firstRow;
    private final boolean hashed;
    private final int constantIndex;
    private final int[][] terms;
    private final List<List<String>> names;
    private final int[][] scratch;

    /** Where the features end that follow a term's and whose elements are as they are; before the term where its are not. */
    private final int[] runs;

    private final Elements elements;
    private final int offsetPosition;

    /** For a table whose first row is a feature's. */
    public Indexer(PipelineSpec spec) {
        this(spec, 0);
    }

    /**
     * @param firstRow rows of the table that come before those of features
     */
    public Indexer(PipelineSpec spec, int firstRow) {
        FeatureSet set = spec.featureSet();
        this.seed = spec.model().seed();
        this.shift = Long.SIZE - spec.model().bits();
        this.firstRow = firstRow;
        this.hashed = !spec.model().ids().exact();
        this.constantIndex = index(CONSTANT);
        this.elements = new Elements(spec);
        @Nullable String offset = spec.model().offset();
        this.offsetPosition = offset == null ? -1 : set.indexOf(offset);
        List<List<String>> all = new ArrayList<>();
        set.features().forEach(feature -> all.add(List.of(feature.name())));
        all.addAll(spec.crosses());
        this.names = Collections.unmodifiableList(all);
        this.terms = all.stream()
                .map(term -> term.stream().mapToInt(set::indexOf).toArray())
                .toArray(int[][]::new);
        this.runs = runs(elements, set.size(), terms.length);
        this.scratch = all.stream().map(term -> new int[term.size()]).toArray(int[][]::new);
    }

    private static int[] runs(Elements elements, int features, int terms) {
        int[] runs = new int[terms];
        for (int position = features - 1; position >= 0; position--) {
            boolean goesOn = position + 1 < features && runs[position + 1] > position + 1;
            runs[position] = !elements.isAsItIs(position) ? -1 : goesOn ? runs[position + 1] : position + 1;
        }
        return runs;
    }

    /** What a model's terms are made of: every feature, then every cross. */
    public List<List<String>> terms() {
        return names;
    }

    /** The row of the constant feature. */
    public int constantIndex() {
        return constantIndex;
    }

    /** The same for models that learn nothing about numbers. */
    public void index(FeatureVector vector, SparseVector out) {
        index(vector, Numerics.NONE, out);
    }

    /** Replaces the content of {@code out}: the constant first, then term by term. Exact ids are without rows yet. */
    public void index(FeatureVector vector, Numerics numerics, SparseVector out) {
        out.clear();
        if (offsetPosition >= 0 && vector.isPresent(offsetPosition)) {
            out.setOffset(vector.value(vector.from(offsetPosition)));
        }
        out.add(CONSTANT, constantIndex, 1, NO_TERM);
        elements.fillSome(vector, numerics);
        for (int t = 0; t < terms.length; t++) {
            int[] term = terms[t];
            if (runs[t] > t) {
                out.addAll(vector, t, runs[t]);
                t = runs[t] - 1;
            } else {
                switch (term.length) {
                    case 1 -> derived(term[0], t, out);
                    case 2 -> pairs(term[0], term[1], t, out);
                    default -> expand(term, 0, 0, 1, t, out, null);
                }
            }
        }
        if (hashed) {
            long[] ids = out.ids();
            int[] rows = out.indices();
            for (int e = 1; e < out.size(); e++) {
                rows[e] = index(ids[e]);
            }
        }
    }

    /** The same, telling where each index comes from; the constant is left out. */
    public void expand(FeatureVector vector, Numerics numerics, Sink sink) {
        elements.fill(vector, numerics);
        for (int t = 0; t < terms.length; t++) {
            expand(terms[t], 0, 0, 1, t, null, sink);
        }
    }

    /** The row of an id. */
    public int index(long id) {
        return firstRow + (int) (FeatureHash.combine(seed, id) >>> shift);
    }

    private void derived(int position, int term, SparseVector out) {
        for (int e = elements.from(position); e < elements.to(position); e++) {
            out.add(elements.id(e), elements.value(e), term);
        }
    }

    private void pairs(int first, int second, int term, SparseVector out) {
        for (int a = elements.from(first); a < elements.to(first); a++) {
            for (int b = elements.from(second); b < elements.to(second); b++) {
                out.add(
                        FeatureHash.combine(elements.id(a), elements.id(b)),
                        elements.value(a) * elements.value(b),
                        term);
            }
        }
    }

    private void expand(
            int[] term,
            int depth,
            long before,
            float product,
            int number,
            @Nullable SparseVector out,
            @Nullable Sink sink) {
        boolean last = depth == term.length - 1;
        for (int e = elements.from(term[depth]); e < elements.to(term[depth]); e++) {
            long id = depth == 0 ? elements.id(e) : FeatureHash.combine(before, elements.id(e));
            float value = product * elements.value(e);
            scratch[number][depth] = elements.source(e);
            if (!last) {
                expand(term, depth + 1, id, value, number, out, sink);
            } else if (out != null) {
                out.add(id, value, number);
            } else if (sink != null) {
                sink.accept(id, index(id), value, number, scratch[number]);
            }
        }
    }
}
