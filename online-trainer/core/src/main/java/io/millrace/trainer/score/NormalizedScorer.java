package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;

/**
 * A linear model that knows how far each of its features ever went: a value beyond that counts as the largest seen. Column 0
 * has weights, column 1 the largest magnitudes. Sums as {@link LinearScorer} does.
 */
public final class NormalizedScorer implements Scorer {
    private static final int SCALE = 1;

    private final Loss loss;

    public NormalizedScorer(Loss loss) {
        this.loss = loss;
    }

    public static double margin(Weights weights, SparseVector x) {
        double sum = x.offset();
        for (int i = 0; i < x.size(); i++) {
            int row = x.index(i);
            float scale = weights.weight(row, SCALE);
            float value = x.value(i);
            float within = Math.abs(value) > scale ? Math.copySign(scale, value) : value;
            sum += (double) weights.weight(row, 0) * within;
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
