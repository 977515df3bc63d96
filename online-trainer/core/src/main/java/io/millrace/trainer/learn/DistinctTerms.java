package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import java.util.Arrays;

/**
 * A sparse vector with the values of equal indices added up, in order of first occurrence: what a gradient is taken by.
 * Found with a small open-addressing table whose entries are stamped with the vector's number, so that it is never cleared.
 */
final class DistinctTerms {
    private int[] indices = new int[64];
    private double[] values = new double[64];
    private int size;

    private int[] slots = new int[256];
    private int[] stamps = new int[256];
    private int stamp;

    int size() {
        return size;
    }

    int index(int term) {
        return indices[term];
    }

    /** The indices, of which the first {@link #size} count. */
    int[] indices() {
        return indices;
    }

    double value(int term) {
        return values[term];
    }

    void fill(SparseVector x) {
        if (x.size() > indices.length) {
            grow(x.size());
        }
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
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
        indices = new int[capacity];
        values = new double[capacity];
        slots = new int[capacity * 4];
        stamps = new int[capacity * 4];
        stamp = 0;
    }
}
