package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;

/**
 * A linear model. The margin is the offset plus the sum of weight times value in the order of the vector's elements, every
 * product and every addition in double: a product of two floats is exact in double, and the order is fixed. A row that occurs
 * more than once counts as often.
 */
public final class LinearScorer implements Scorer {
    private final Loss loss;

    public LinearScorer(Loss loss) {
        this.loss = loss;
    }

    /** The margin of column 0. */
    public static double margin(Weights weights, SparseVector x) {
        double sum = x.offset();
        for (int i = 0; i < x.size(); i++) {
            sum += (double) weights.weight(x.index(i), 0) * x.value(i);
        }
        return sum;
    }

    /** The same, bit by bit, with the elements' weights side by side. */
    public static double margin(float[] weights, SparseVector x) {
        double sum = x.offset();
        float[] values = x.values();
        for (int i = 0; i < x.size(); i++) {
            sum += (double) weights[i] * values[i];
        }
        return sum;
    }

    @Override
    public double score(Weights weights, SparseVector x) {
        return Link.prediction(loss, margin(weights, x));
    }

    @Override
    public double weight(Weights weights, int row) {
        return weights.weight(row, 0);
    }
}
