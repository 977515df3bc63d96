package io.millrace.local.learn;

import java.util.Arrays;

/** The different hashes among some, in the order of their first occurrence, each with the sum of its weights. Not thread-safe. */
final class Distinct {
    private long[] hashes = new long[64];
    private float[] weights = new float[64];
    private int size;
    private int[] slots = new int[256];

    void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }

    void add(long hash, float weight) {
        if (size == hashes.length) {
            grow();
        }
        int slot = slot(hash);
        if (slots[slot] == 0) {
            hashes[size] = hash;
            weights[size] = weight;
            slots[slot] = ++size;
        } else {
            weights[slots[slot] - 1] += weight;
        }
    }

    /** The hashes, in their order. */
    long[] hashes() {
        return Arrays.copyOf(hashes, size);
    }

    /** The hashes, ascending. */
    long[] sortedHashes() {
        long[] sorted = hashes();
        Arrays.sort(sorted);
        return sorted;
    }

    /** The weights, in the order of {@link #hashes}. */
    float[] weights() {
        return Arrays.copyOf(weights, size);
    }

    private int slot(long hash) {
        int mask = slots.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (slots[slot] != 0 && hashes[slots[slot] - 1] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        hashes = Arrays.copyOf(hashes, size * 2);
        weights = Arrays.copyOf(weights, size * 2);
        slots = new int[size * 8];
        for (int i = 0; i < size; i++) {
            slots[slot(hashes[i])] = i + 1;
        }
    }
}
