package io.millrace.features.encode;

import io.millrace.vector.FeatureVector;
import java.util.Arrays;

/**
 * What a model sees of a feature vector: elements, each with its 64-bit id, the row of the model's table that it was hashed
 * to, its value, and the term (feature or cross) that it comes from; refilled again and again without allocating. A row may
 * occur more than once. Besides, the unlearned offset of the score. Not thread-safe.
 */
public final class SparseVector {
    private long[] ids = new long[64];
    private int[] indices = new int[64];
    private float[] values = new float[64];
    private int[] terms = new int[64];
    private int size;
    private float offset;

    public int size() {
        return size;
    }

    public long id(int element) {
        return ids[element];
    }

    public int index(int element) {
        return indices[element];
    }

    public float value(int element) {
        return values[element];
    }

    /** Which of {@link Indexer#terms}, or -1 for the constant. */
    public int term(int element) {
        return terms[element];
    }

    /** The elements' rows, of which the first {@link #size} count; to be read only. */
    public int[] indices() {
        return indices;
    }

    /** The elements' values, of which the first {@link #size} count; to be read only. */
    public float[] values() {
        return values;
    }

    /** What is added to the score without a weight. */
    public float offset() {
        return offset;
    }

    public void setOffset(float offset) {
        this.offset = offset;
    }

    /** Gives an element its row, or another one: tables may give rows to ids themselves. */
    public void place(int element, int index) {
        indices[element] = index;
    }

    /** Becomes a copy of another vector. */
    public void set(SparseVector other) {
        if (ids.length < other.size) {
            ids = new long[other.ids.length];
            indices = new int[other.ids.length];
            values = new float[other.ids.length];
            terms = new int[other.ids.length];
        }
        size = other.size;
        offset = other.offset;
        System.arraycopy(other.ids, 0, ids, 0, size);
        System.arraycopy(other.indices, 0, indices, 0, size);
        System.arraycopy(other.values, 0, values, 0, size);
        System.arraycopy(other.terms, 0, terms, 0, size);
    }

    /** Puts an element in the place of an earlier one, or its own, and at another row. */
    public void move(int from, int to, int index) {
        indices[to] = index;
        if (from != to) {
            ids[to] = ids[from];
            values[to] = values[from];
            terms[to] = terms[from];
        }
    }

    /** Keeps the first elements only. */
    public void shorten(int size) {
        this.size = Math.min(this.size, size);
    }

    public void clear() {
        size = 0;
        offset = 0;
    }

    /** Adds an element without id or term, for whoever makes vectors by hand. */
    public void add(int index, float value) {
        add(index, index, value, -1);
    }

    public void add(long id, int index, float value, int term) {
        add(id, value, term);
        indices[size - 1] = index;
    }

    /** Adds an element that is to be {@link #place placed} yet. */
    void add(long id, float value, int term) {
        reserve(1);
        ids[size] = id;
        values[size] = value;
        terms[size++] = term;
    }

    /** Adds a vector's elements as they are, those of positions {@code first} to {@code last}, each to its term. */
    void addAll(FeatureVector vector, int first, int last) {
        int stop = Math.min(last, vector.positions());
        if (stop <= first) {
            return;
        }
        int from = vector.from(first);
        int count = vector.to(stop - 1) - from;
        reserve(count);
        System.arraycopy(vector.hashes(), from, ids, size, count);
        System.arraycopy(vector.values(), from, values, size, count);
        if (count == stop - first && vector.areSingle(first, stop)) {
            for (int i = 0; i < count; i++) {
                terms[size + i] = first + i;
            }
            size += count;
            return;
        }
        int end = size;
        for (int position = first; position < stop; position++) {
            int elements = vector.to(position) - vector.from(position);
            if (elements == 1) {
                terms[end++] = position;
            } else {
                Arrays.fill(terms, end, end + elements, position);
                end += elements;
            }
        }
        size = end;
    }

    /** The elements' ids, of which the first {@link #size} count; to be read only. */
    long[] ids() {
        return ids;
    }

    private void reserve(int more) {
        if (size + more > indices.length) {
            int capacity = Math.max(indices.length * 2, size + more);
            ids = Arrays.copyOf(ids, capacity);
            indices = Arrays.copyOf(indices, capacity);
            values = Arrays.copyOf(values, capacity);
            terms = Arrays.copyOf(terms, capacity);
        }
    }
}
