package io.millrace.trainer.learn;

import io.millrace.features.encode.SparseVector;
import io.millrace.trainer.score.Factors;
import java.util.Arrays;

/**
 * A sparse vector with the values of equal indices added up, in order of first occurrence, and apart from them the values that
 * take part in interactions, and their squares: what a gradient is taken by. Not thread-safe.
 */
final class InteractingTerms {
    private final RowSlots slots = new RowSlots();
    private double[] values = new double[64];
    private double[] parts = new double[64];
    private double[] squares = new double[64];

    int size() {
        return slots.size();
    }

    int index(int term) {
        return slots.row(term);
    }

    /** The indices, of which the first {@link #size} count. */
    int[] indices() {
        return slots.rows();
    }

    double value(int term) {
        return values[term];
    }

    /** The sum of the values that take part in interactions. */
    double part(int term) {
        return parts[term];
    }

    /** The sum of their squares. */
    double square(int term) {
        return squares[term];
    }

    void fill(SparseVector x, Factors factors) {
        slots.clear();
        for (int i = 0; i < x.size(); i++) {
            int known = slots.size();
            int slot = slots.slot(x.index(i));
            double value = x.value(i);
            if (slot == known) {
                begin(slot);
            }
            values[slot] += value;
            if (factors.takesPart(x.term(i))) {
                parts[slot] += value;
                squares[slot] += value * value;
            }
        }
    }

    private void begin(int slot) {
        if (slot == values.length) {
            values = Arrays.copyOf(values, slot * 2);
            parts = Arrays.copyOf(parts, slot * 2);
            squares = Arrays.copyOf(squares, slot * 2);
        }
        values[slot] = 0;
        parts[slot] = 0;
        squares[slot] = 0;
    }
}
