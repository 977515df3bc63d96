package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;

/** A factorisation machine: a linear model of column 0, and interactions by the factors behind it. */
public final class FactorScorer implements Scorer {
    private final Loss loss;
    private final Factors factors;

    /**
     * @param count factors of a row
     * @param features terms below it interact
     */
    public FactorScorer(Loss loss, int count, int features) {
        this.loss = loss;
        this.factors = new Factors(Family.FIRST_FACTOR, count, features);
    }

    @Override
    public double score(Weights weights, SparseVector x) {
        return Link.prediction(loss, margin(weights, x));
    }

    /** The prediction before the link. */
    public double margin(Weights weights, SparseVector x) {
        return LinearScorer.margin(weights, x) + factors.margin(weights, x);
    }

    /** What the interactions of the last vector were made of. */
    public Factors factors() {
        return factors;
    }

    @Override
    public double weight(Weights weights, int row) {
        return weights.weight(row, 0);
    }
}
