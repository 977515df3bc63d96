package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.AutoMix;

/**
 * The losses as {@code auto} sees them at an expert's margin: derivative, curvature, and likelihood. Squared loss is over the
 * residuals' variance, Poisson loss over their dispersion (McCullagh and Nelder, "Generalized linear models", 1989:
 * quasi-likelihood), and the first count says where counts begin and nothing else; absolute loss is over their mean size, and
 * its curvature that of the parabola that touches it at the residual (as in iteratively reweighted least squares), with
 * residuals of less than a tenth of the mean taken for that.
 */
final class AutoCurvature {
    private static final double LEAST = 1e-3;
    private static final double LEAST_RESIDUAL = 0.1;
    private static final double LEAST_PROBABILITY = 1e-9;

    private final Loss loss;
    private final AutoMix mix;
    private final LabelScale labels;

    AutoCurvature(Loss loss, AutoMix mix, LabelScale labels) {
        this.loss = loss;
        this.mix = mix;
        this.labels = labels;
    }

    /** Less the derivative of the loss. */
    double descent(Instance instance, double label, int expert) {
        return switch (loss) {
            case LOGISTIC -> label - mix.prediction(expert);
            case POISSON -> labels.isFirst() ? 0 : (label - mix.prediction(expert)) / labels.spread();
            case SQUARED, ABSOLUTE -> residual(instance, label, expert) * curvature(instance, label, expert);
        };
    }

    double curvature(Instance instance, double label, int expert) {
        return switch (loss) {
            case LOGISTIC -> {
                double p = mix.prediction(expert);
                yield Math.max(LEAST, p * (1 - p));
            }
            case POISSON -> Math.max(LEAST, chord(mix.prediction(expert), label) / labels.spread());
            case SQUARED -> 1 / labels.spread();
            case ABSOLUTE -> {
                double size = Math.abs(residual(instance, label, expert));
                yield 1 / (labels.spread() * Math.max(size, LEAST_RESIDUAL * labels.spread()));
            }
        };
    }

    /**
     * The curvature of Poisson loss, or its mean on the way from a mean up to a label, where it is larger: the step that it
     * divides never passes the label, whereas Newton's at a mean of 500 would go from there to e^3 times a label of 2,000.
     */
    private static double chord(double mean, double label) {
        return label > mean ? (label - mean) / StrictMath.log(label / mean) : mean;
    }

    /**
     * How much an example tells, as a share of what it tells at even odds: the variance of a probability's outcome over 1/4;
     * 1 for other losses.
     */
    double information(int expert) {
        return information(mix.prediction(expert));
    }

    /** The root of that, for a prediction: the outcome's standard deviation over 1/2. */
    double spread(double probability) {
        return Math.sqrt(information(probability));
    }

    private double information(double probability) {
        return loss == Loss.LOGISTIC ? 4 * probability * (1 - probability) : 1;
    }

    /** The likelihood of a label, where it is a probability. */
    double likelihood(double label, int expert) {
        double p = mix.prediction(expert);
        return Math.max(LEAST_PROBABILITY, label > 0 ? p : 1 - p);
    }

    /** Up to a constant that all experts share. */
    double logLikelihood(Instance instance, double label, int expert) {
        return switch (loss) {
            case LOGISTIC -> StrictMath.log(likelihood(label, expert));
            case POISSON -> {
                double mean = mix.prediction(expert);
                yield (label * StrictMath.log(mean) - mean) / labels.spread();
            }
            case SQUARED -> {
                double residual = residual(instance, label, expert);
                yield -residual * residual / (2 * labels.spread());
            }
            case ABSOLUTE -> -Math.abs(residual(instance, label, expert)) / labels.spread();
        };
    }

    private double residual(Instance instance, double label, int expert) {
        return labels.scaled(instance, label) - mix.margin(expert);
    }
}
