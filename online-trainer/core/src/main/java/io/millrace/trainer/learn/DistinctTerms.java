package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import java.util.Arrays;

/**
 * A sparse vector with the values of equal indices added up, in order of first occurrence: what a gradient is taken by.
 *
 * <p>Mostly no index occurs twice; then nothing is copied. Else they are found with a small open-addressing table whose
 * entries are stamped with the vector's number, so that it is never cleared.
 */
final class DistinctTerms {
    private final RepeatedRows repeated = new RepeatedRows();

    /** The vector's own arrays, or those below. */
    private int[] indices = new int[0];

    private float[] values = new float[0];
    private int size;

    private int[] mergedIndices = new int[64];
    private float[] mergedValues = new float[64];
    private int[] slots = new int[256];
    private int[] stamps = new int[256];
    private int stamp;

    int size() {
        return size;
    }

    int index(int term) {
        return indices[term];
    }

    /** The indices, of which the first {@link #size} count; to be read only, and no longer than the vector stays as it is. */
    int[] indices() {
        return indices;
    }

    /** The values, likewise. */
    float[] values() {
        return values;
    }

    float value(int term) {
        return values[term];
    }

    void fill(SparseVector x) {
        if (isPlain(x)) {
            indices = x.indices();
            values = x.values();
            size = x.size();
        } else {
            merge(x);
        }
    }

    private boolean isPlain(SparseVector x) {
        repeated.find(x.indices(), x.size());
        return !repeated.any();
    }

    private void merge(SparseVector x) {
        if (x.size() > mergedIndices.length) {
            grow(x.size());
        }
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
        indices = mergedIndices;
        values = mergedValues;
        size = 0;
        int mask = slots.length - 1;
        for (int i = 0; i < x.size(); i++) {
            int index = x.index(i);
            int slot = (index * 0x9E3779B9 >>> 16 ^ index) & mask;
            while (stamps[slot] == stamp && indices[slots[slot]] != index) {
                slot = slot + 1 & mask;
            }
            if (stamps[slot] == stamp) {
                values[slots[slot]] += x.value(i);
            } else {
                stamps[slot] = stamp;
                slots[slot] = size;
                indices[size] = index;
                values[size++] = x.value(i);
            }
        }
    }

    private void grow(int atLeast) {
        int capacity = Integer.highestOneBit(atLeast - 1) << 1;
        mergedIndices = new int[capacity];
        mergedValues = new float[capacity];
        slots = new int[capacity * 4];
        stamps = new int[capacity * 4];
        stamp = 0;
    }
}
