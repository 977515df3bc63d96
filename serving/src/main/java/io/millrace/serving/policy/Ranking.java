package io.millrace.serving.policy;

import java.util.Arrays;

/**
 * An order by falling score in which equal scores stand in uniformly random order, and the probability of every place in
 * it: an item whose group of equal scores takes the positions [a, b) is at each of these with probability 1 / (b - a).
 * A score that is no number counts as the lowest.
 */
final class Ranking {
    private final float[] scores;
    private final float[] ascending;

    Ranking(float[] scores) {
        this.scores = new float[scores.length];
        for (int i = 0; i < scores.length; i++) {
            this.scores[i] = Float.isNaN(scores[i]) ? Float.NEGATIVE_INFINITY : scores[i] + 0.0f;
        }
        this.ascending = this.scores.clone();
        Arrays.sort(ascending);
    }

    /** The probability that the item stands at the position. */
    double probability(int item, int position) {
        int from = ascending.length - upperBound(scores[item]);
        int to = ascending.length - lowerBound(scores[item]);
        return position >= from && position < to ? 1.0 / (to - from) : 0;
    }

    /** The first {@code k} items, best first, with ties broken by the stream. */
    int[] top(int k, RandomStream ties) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ties.nextLong();
        }
        int[] heap = new int[k];
        int size = 0;
        for (int i = 0; i < scores.length; i++) {
            if (size < k) {
                heap[size++] = i;
                siftUp(heap, size - 1, keys);
            } else if (before(i, heap[0], keys)) {
                heap[0] = i;
                siftDown(heap, k, keys);
            }
        }
        for (int end = size - 1; end > 0; end--) {
            int worst = heap[0];
            heap[0] = heap[end];
            heap[end] = worst;
            siftDown(heap, end, keys);
        }
        return heap;
    }

    /** Whether item a ranks before item b. */
    private boolean before(int a, int b, long[] keys) {
        return scores[a] != scores[b] ? scores[a] > scores[b] : keys[a] < keys[b];
    }

    private void siftUp(int[] heap, int start, long[] keys) {
        int child = start;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!before(heap[parent], heap[child], keys)) {
                return;
            }
            swap(heap, parent, child);
            child = parent;
        }
    }

    private void siftDown(int[] heap, int size, long[] keys) {
        int parent = 0;
        for (int child = 1; child < size; child = 2 * parent + 1) {
            if (child + 1 < size && before(heap[child], heap[child + 1], keys)) {
                child++;
            }
            if (!before(heap[parent], heap[child], keys)) {
                return;
            }
            swap(heap, parent, child);
            parent = child;
        }
    }

    private static void swap(int[] heap, int a, int b) {
        int kept = heap[a];
        heap[a] = heap[b];
        heap[b] = kept;
    }

    private int lowerBound(float score) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int upperBound(float score) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] <= score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
