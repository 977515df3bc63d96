package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.Link;
import java.util.List;
import java.util.stream.Stream;

/** Copies of the examples and corrections that are learned at once. Not thread-safe. */
final class MiniBatch {
    private final Loss loss;
    private final List<SparseVector> vectors;
    private final long[] offsets;
    private final double[] labels;
    private final double[] importances;
    private final double[] replacedLabels;
    private final double[] replacedImportances;
    private final boolean[] corrections;
    private int size;

    MiniBatch(Loss loss, int capacity) {
        this.loss = loss;
        this.vectors = Stream.generate(SparseVector::new).limit(capacity).toList();
        this.offsets = new long[capacity];
        this.labels = new double[capacity];
        this.importances = new double[capacity];
        this.replacedLabels = new double[capacity];
        this.replacedImportances = new double[capacity];
        this.corrections = new boolean[capacity];
    }

    void add(Instance instance, boolean correction) {
        vectors.get(size).set(instance.vector());
        offsets[size] = instance.offset();
        labels[size] = instance.label();
        importances[size] = instance.importance();
        replacedLabels[size] = instance.replacedLabel();
        replacedImportances[size] = instance.replacedImportance();
        corrections[size++] = correction;
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == offsets.length;
    }

    void clear() {
        size = 0;
    }

    List<SparseVector> vectors() {
        return vectors;
    }

    long offset(int i) {
        return offsets[i];
    }

    /**
     * The slope of an example, or by how much a correction changes it.
     *
     * @throws DivergedException if it is not finite
     */
    double slope(int i, double prediction) {
        double slope = importances[i] * Losses.slope(loss, prediction, labels[i]);
        if (corrections[i]) {
            slope -= replacedImportances[i] * Losses.slope(loss, prediction, replacedLabels[i]);
        }
        return Losses.finite(offsets[i], slope);
    }

    /** Tells what was predicted for the examples. */
    void tell(PredictionSink sink, double[] margins) {
        for (int i = 0; i < size; i++) {
            if (!corrections[i]) {
                sink.predicted(offsets[i], Link.prediction(loss, margins[i]), labels[i], importances[i]);
            }
        }
    }
}
