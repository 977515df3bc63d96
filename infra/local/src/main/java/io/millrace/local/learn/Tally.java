package io.millrace.local.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.evaluate.Progress;

/** What the predictions of a run were worth, each made before its label was known. Not thread-safe. */
final class Tally {
    private final Loss loss;
    private final Progress progress;
    private final Progress window;
    private final SecondHalf secondHalf = new SecondHalf();
    private long unlabelled;
    private double weight;
    private double right;

    Tally(Loss loss) {
        this.loss = loss;
        this.progress = new Progress(loss);
        this.window = new Progress(loss);
    }

    /** Counts a prediction whose label nobody knows. */
    void addUnlabelled() {
        unlabelled++;
    }

    /** How many predictions nothing is known about. */
    long unlabelled() {
        return unlabelled;
    }

    void add(double prediction, double label, double importance) {
        progress.add(prediction, label, importance);
        window.add(prediction, label, importance);
        secondHalf.add(importance * loss(prediction, label), importance);
        weight += importance;
        if (prediction >= 0.5 == label > 0) {
            right += importance;
        }
    }

    private double loss(double prediction, double label) {
        return switch (loss) {
            case LOGISTIC -> -StrictMath.log(label > 0 ? prediction : 1 - prediction);
            case SQUARED -> (prediction - label) * (prediction - label);
            case ABSOLUTE -> Math.abs(prediction - label);
            case POISSON -> prediction - label + (label == 0 ? 0 : label * StrictMath.log(label / prediction));
        };
    }

    boolean isLogistic() {
        return loss == Loss.LOGISTIC;
    }

    Progress progress() {
        return progress;
    }

    /** Since it was cleared last. */
    Progress window() {
        return window;
    }

    double secondHalfLoss() {
        return secondHalf.meanLoss();
    }

    /** Share of classes that the likelier one was predicted for; NaN for other losses than logistic. */
    double accuracy() {
        return isLogistic() ? right / weight : Double.NaN;
    }
}
