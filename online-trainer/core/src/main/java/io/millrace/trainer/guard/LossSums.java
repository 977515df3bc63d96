package io.millrace.trainer.guard;

import io.millrace.trainer.state.LossBucket;

/** Sums over losses l of examples of importance w, from which come their weighted mean and how far chance may carry it. */
final class LossSums {
    private int examples;
    private double weight;
    private double loss;
    private double weightSquares;
    private double lossWeightSquares;
    private double lossSquares;

    void add(double lossOfOne, double importance) {
        double weighted = importance * lossOfOne;
        examples++;
        weight += importance;
        loss += weighted;
        weightSquares += importance * importance;
        lossWeightSquares += importance * weighted;
        lossSquares += weighted * weighted;
    }

    void add(LossSums other) {
        examples += other.examples;
        weight += other.weight;
        loss += other.loss;
        weightSquares += other.weightSquares;
        lossWeightSquares += other.lossWeightSquares;
        lossSquares += other.lossSquares;
    }

    int examples() {
        return examples;
    }

    /** The weighted mean; 0 where nothing has any weight, not finite where a loss was not. */
    double mean() {
        return weight == 0 ? 0 : loss / weight;
    }

    /** The standard error of the mean, if losses are independent: √(Σ w² (l - mean)²) / Σ w. */
    double error() {
        double mean = mean();
        double squares = lossSquares - 2 * mean * lossWeightSquares + mean * mean * weightSquares;
        return weight == 0 ? 0 : Math.sqrt(Math.max(0, squares)) / weight;
    }

    LossBucket state() {
        return LossBucket.newBuilder()
                .setExamples(examples)
                .setWeight(weight)
                .setLoss(loss)
                .setWeightSquares(weightSquares)
                .setLossWeightSquares(lossWeightSquares)
                .setLossSquares(lossSquares)
                .build();
    }

    static LossSums of(LossBucket state) {
        LossSums sums = new LossSums();
        sums.examples = state.getExamples();
        sums.weight = state.getWeight();
        sums.loss = state.getLoss();
        sums.weightSquares = state.getWeightSquares();
        sums.lossWeightSquares = state.getLossWeightSquares();
        sums.lossSquares = state.getLossSquares();
        return sums;
    }
}
