package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.trainer.score.DeepScorer;
import io.millrace.trainer.score.Weights;
import java.util.Arrays;

/** The gradient of a mini-batch by each row's weight and factors, summed in the order of the examples. Not thread-safe. */
final class BatchGradient {
    private final RowSlots slots = new RowSlots();
    private final float[] factors;
    private double[] byWeight = new double[64];
    private double[] byFactors;
    private boolean[] interacts = new boolean[64];

    /**
     * @param factors of a row
     */
    BatchGradient(int factors) {
        this.factors = new float[factors];
        this.byFactors = new double[64 * factors];
    }

    void clear() {
        slots.clear();
    }

    /**
     * Adds an example.
     *
     * @param slope of its loss by the margin
     * @param model evaluated the batch last
     * @param example its number in the batch
     * @param byInputs the gradient by what the tower saw, example after example
     */
    void add(Weights weights, SparseVector x, double slope, DeepScorer model, int example, float[] byInputs) {
        int k = factors.length;
        int firstSum = example * k;
        int firstInput = example * model.shape().inputs();
        double[] sums = model.sums();
        double scaled = slope * model.scales()[example];
        for (int e = 0; e < x.size(); e++) {
            int slot = slot(x.index(e));
            double value = x.value(e);
            byWeight[slot] += slope * value;
            if (model.factors().takesPart(x.term(e))) {
                interacts[slot] = true;
                model.factors().read(weights, x.index(e), factors);
                int input = firstInput + x.term(e) * k;
                for (int f = 0; f < k; f++) {
                    byFactors[slot * k + f] +=
                            value * (scaled * (sums[firstSum + f] - factors[f] * value) + byInputs[input + f]);
                }
            }
        }
    }

    private int slot(int row) {
        int known = slots.size();
        int slot = slots.slot(row);
        if (slot == known) {
            int k = factors.length;
            if (slot == byWeight.length) {
                byWeight = Arrays.copyOf(byWeight, slot * 2);
                byFactors = Arrays.copyOf(byFactors, slot * 2 * k);
                interacts = Arrays.copyOf(interacts, slot * 2);
            }
            byWeight[slot] = 0;
            interacts[slot] = false;
            Arrays.fill(byFactors, slot * k, slot * k + k, 0);
        }
        return slot;
    }

    RowSlots slots() {
        return slots;
    }

    double byWeight(int slot) {
        return byWeight[slot];
    }

    /** Copies the gradient by a row's factors. */
    void copyByFactors(int slot, int at, float[] to) {
        for (int f = 0; f < factors.length; f++) {
            to[at + f] = (float) byFactors[slot * factors.length + f];
        }
    }

    /** Whether an element of this row takes part in interactions. */
    boolean interacts(int slot) {
        return interacts[slot];
    }
}
