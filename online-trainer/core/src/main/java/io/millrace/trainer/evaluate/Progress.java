package io.millrace.trainer.evaluate;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.state.ProgressState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Progressive validation of one shard, or of one window of it (Blum, Kalai, Langford, "Beating the hold-out", COLT 1999).
 * Means are weighted by importance. Sums are double, added in the order of the log: the same log gives the same figures.
 * Corrections are counted and not predicted again.
 *
 * <p>Not thread-safe.
 */
public final class Progress {
    private final Loss loss;
    private final ScoreHistogram scores = new ScoreHistogram();
    private long examples;
    private long corrections;
    private double weight;
    private double lossSum;
    private double predicted;
    private double observed;
    private double observedSquares;
    private double observedLogs;

    public Progress(Loss loss) {
        this.loss = loss;
    }

    /**
     * Adds an example's prediction, made before the example was learned.
     *
     * @param prediction on the scale of the loss; a probability within (0, 1) for logistic
     */
    public void add(double prediction, double label, double importance) {
        add(prediction, label, importance, lossOf(prediction, label));
    }

    /** The same with what {@link #lossOf} says: a logarithm costs as much as all else, and an example is often added twice. */
    public void add(double prediction, double label, double importance, double lossOfIt) {
        examples++;
        weight += importance;
        predicted += importance * prediction;
        observed += importance * label;
        observedSquares += importance * label * label;
        lossSum += importance * lossOfIt;
        switch (loss) {
            case LOGISTIC -> scores.add(prediction, label > 0, importance);
            case POISSON -> observedLogs += importance * (label == 0 ? 0 : label * StrictMath.log(label));
            case SQUARED, ABSOLUTE -> {}
        }
    }

    /** The loss of one prediction. */
    public double lossOf(double prediction, double label) {
        return switch (loss) {
            case LOGISTIC -> -StrictMath.log(label > 0 ? prediction : 1 - prediction);
            case SQUARED -> (prediction - label) * (prediction - label);
            case ABSOLUTE -> Math.abs(prediction - label);
            case POISSON -> prediction - label + (label == 0 ? 0 : label * StrictMath.log(label / prediction));
        };
    }

    public void addCorrection() {
        corrections++;
    }

    public long examples() {
        return examples;
    }

    public long corrections() {
        return corrections;
    }

    /**
     * Mean loss: log-loss in nats, mean squared error, mean absolute error, or, for Poisson, half of the mean deviance, p - y +
     * y ln(y / p).
     */
    public double meanLoss() {
        return lossSum / weight;
    }

    /** Mean label. */
    public double baseRate() {
        return observed / weight;
    }

    /** Sum of predictions over sum of labels: above 1, too much is promised. */
    public double calibration() {
        return predicted / observed;
    }

    /**
     * Mean loss over that of whoever always predicts the mean label, known in hindsight: below 1 is better. For logistic,
     * the normalised entropy of He et al., "Practical lessons from predicting clicks on ads at Facebook", ADKDD 2014; for
     * squared, 1 - R².
     */
    public double normalizedLoss() {
        double mean = baseRate();
        double constant = switch (loss) {
            case LOGISTIC -> -mean * StrictMath.log(mean) - (1 - mean) * StrictMath.log(1 - mean);
            case SQUARED -> observedSquares / weight - mean * mean;
            case ABSOLUTE -> Double.NaN;
            case POISSON -> (observedLogs - observed * StrictMath.log(mean)) / weight;
        };
        return meanLoss() / constant;
    }

    /** Area under the ROC curve, within {@link #aucError}; NaN for other losses than logistic. */
    public double auc() {
        return scores.auc();
    }

    /** A bound of how far {@link #auc} is from the exact value. */
    public double aucError() {
        return scores.aucError();
    }

    /** All figures by the names that they are published under; what is not defined, yet, is left out. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("examples", (double) examples);
        figures.put("corrections", (double) corrections);
        switch (loss) {
            case LOGISTIC -> {
                putFinite(figures, "log_loss", meanLoss());
                putFinite(figures, "normalized_entropy", normalizedLoss());
                putFinite(figures, "auc", auc());
                putFinite(figures, "auc_error", aucError());
            }
            case SQUARED -> {
                putFinite(figures, "squared_loss", meanLoss());
                putFinite(figures, "normalized_squared_loss", normalizedLoss());
            }
            case ABSOLUTE -> putFinite(figures, "absolute_loss", meanLoss());
            case POISSON -> {
                putFinite(figures, "poisson_loss", meanLoss());
                putFinite(figures, "normalized_poisson_loss", normalizedLoss());
            }
        }
        putFinite(figures, "calibration", calibration());
        putFinite(figures, "base_rate", baseRate());
        return figures;
    }

    /** Begins anew. */
    public void clear() {
        examples = 0;
        corrections = 0;
        weight = 0;
        lossSum = 0;
        predicted = 0;
        observed = 0;
        observedSquares = 0;
        observedLogs = 0;
        scores.clear();
    }

    /** Everything, to go on from later. */
    public ProgressState state() {
        return ProgressState.newBuilder()
                .setExamples(examples)
                .setCorrections(corrections)
                .setWeight(weight)
                .setLoss(lossSum)
                .setPredicted(predicted)
                .setObserved(observed)
                .setObservedSquares(observedSquares)
                .setObservedLogs(observedLogs)
                .setPositives(scores.positives())
                .setNegatives(scores.negatives())
                .build();
    }

    public void restore(ProgressState state) {
        examples = state.getExamples();
        corrections = state.getCorrections();
        weight = state.getWeight();
        lossSum = state.getLoss();
        predicted = state.getPredicted();
        observed = state.getObserved();
        observedSquares = state.getObservedSquares();
        observedLogs = state.getObservedLogs();
        scores.restore(state.getPositives(), state.getNegatives());
    }

    private static void putFinite(Map<String, Double> figures, String name, double value) {
        if (Double.isFinite(value)) {
            figures.put(name, value);
        }
    }
}
