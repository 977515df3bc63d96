package io.millrace.bench.data;

import java.util.BitSet;

final class Labels {
    private Labels() {}

    static boolean[] of(BitSet positive, int size) {
        boolean[] labels = new boolean[size];
        for (int i = 0; i < size; i++) {
            labels[i] = positive.get(i);
        }
        return labels;
    }
}
