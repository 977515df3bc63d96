package io.millrace.local.learn;

import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some examples of a file, in its order, refilled again and again; after the last of them, perhaps, why reading ended. Not
 * thread-safe: it is handed over whole.
 */
final class Batch {
    /** The most examples. */
    static final int CAPACITY = 512;

    private final FeatureVector[] vectors;
    private final long[] rows = new long[CAPACITY];
    private final long[] lines = new long[CAPACITY];
    private final long[] times = new long[CAPACITY];
    private final double[] labels = new double[CAPACITY];
    private final double[] weights = new double[CAPACITY];
    private int size;
    private boolean isLast;
    private @Nullable RuntimeException failure;

    Batch(FeatureSet set) {
        this.vectors = IntStream.range(0, CAPACITY)
                .mapToObj(i -> new FeatureVector(set))
                .toArray(FeatureVector[]::new);
    }

    void clear() {
        size = 0;
        isLast = false;
        failure = null;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    int size() {
        return size;
    }

    /** The vector of the next example, to be filled before it is added. */
    FeatureVector next() {
        return vectors[size];
    }

    /** Adds the example whose vector has been filled; without a label where that is NaN. */
    void add(long row, long line, long timeMicros, double label, double weight) {
        rows[size] = row;
        lines[size] = line;
        times[size] = timeMicros;
        labels[size] = label;
        weights[size++] = weight;
    }

    /** Notes that nothing comes after it. */
    void end() {
        isLast = true;
    }

    /** Notes that reading failed after these examples. */
    void fail(RuntimeException because) {
        failure = because;
        isLast = true;
    }

    boolean isLast() {
        return isLast;
    }

    /** Why there is no further example; null where the file ended well. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    FeatureVector vector(int i) {
        return vectors[i];
    }

    /** Which row of the file, from 0. */
    long row(int i) {
        return rows[i];
    }

    /** On which line of the file, from 1. */
    long line(int i) {
        return lines[i];
    }

    long timeMicros(int i) {
        return times[i];
    }

    double label(int i) {
        return labels[i];
    }

    double weight(int i) {
        return weights[i];
    }
}
