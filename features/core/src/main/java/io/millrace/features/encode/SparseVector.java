package io.millrace.features.encode;

import java.util.Arrays;

/**
 * Indices into a model's table with their values, refilled again and again without allocating. An index may occur more
 * than once. Not thread-safe.
 */
public final class SparseVector {
    private int[] indices = new int[64];
    private float[] values = new float[64];
    private int size;

    public int size() {
        return size;
    }

    public int index(int element) {
        return indices[element];
    }

    public float value(int element) {
        return values[element];
    }

    public void clear() {
        size = 0;
    }

    public void add(int index, float value) {
        if (size == indices.length) {
            indices = Arrays.copyOf(indices, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        indices[size] = index;
        values[size++] = value;
    }
}
