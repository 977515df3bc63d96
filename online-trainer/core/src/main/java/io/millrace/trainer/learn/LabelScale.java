package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.AutoMix;

/**
 * Mean and standard deviation of the labels of squared and absolute loss, so that members learn in units that suit them, and
 * the spread of what they leave over: its variance, its mean size for absolute loss, or for Poisson loss the mean of (y - p)² / p,
 * but at least 1. A label counts in its own scale. For Poisson loss, besides, the logarithm of the labels' mean, per unit of exposure
 * where an offset tells that, from which margins count: else the first of thousands of large counts would lie so far above e^0
 * that nothing would be learned of the next. Not thread-safe.
 */
final class LabelScale {
    private static final int COUNT = 0;
    private static final int SQUARES = 1;
    private static final int SPREAD = 2;
    private static final double SLOWEST = 1e-4;
    private static final double LEAST_SPREAD = 1e-6;
    private static final double HEAD_START = 10;
    private static final double LEAST_COUNT = 0.1;

    private final Loss loss;
    private final AutoMix mix;
    private final double[] numbers = {0, 0, 1};
    private double mean;
    private double deviation = 1;
    private double squares;
    private double label;

    LabelScale(Loss loss, AutoMix mix) {
        this.loss = loss;
        this.mix = mix;
    }

    double[] numbers() {
        return numbers;
    }

    /** A label in units of the scale, less what the offset explains. */
    double scaled(Instance instance, double value) {
        return (value - instance.vector().offset() - mean) / deviation;
    }

    /** The residuals' variance, mean size or dispersion. */
    double spread() {
        return numbers[SPREAD];
    }

    /** Whether nothing was known of labels before the one at hand. */
    boolean isFirst() {
        return numbers[COUNT] == 0;
    }

    /** Takes a label up into the scale; {@link #commit} keeps it. */
    void begin(Instance instance) {
        mean = mix.numbers()[AutoMix.LABEL_MEAN];
        deviation = mix.numbers()[AutoMix.LABEL_DEVIATION];
        squares = numbers[SQUARES];
        label = instance.label();
        if (loss == Loss.SQUARED || loss == Loss.ABSOLUTE) {
            double value = instance.label() - instance.vector().offset();
            double before = numbers[COUNT] == 0 ? value : mean;
            mean = before + (value - before) / (numbers[COUNT] + 1);
            squares += (value - before) * (value - mean);
            double variance = squares / (numbers[COUNT] + 1);
            deviation = variance > 0 ? Math.sqrt(variance) : 1;
            label = scaled(instance, instance.label());
        } else if (loss == Loss.POISSON) {
            squares += instance.label() * StrictMath.exp(-instance.vector().offset());
            mean = StrictMath.log((LEAST_COUNT + squares) / (LEAST_COUNT + numbers[COUNT] + 1));
        }
    }

    /** Goes back to what is kept: a label was not learned from, or what is kept was read anew. */
    void rollBack() {
        squares = numbers[SQUARES];
        label = 0;
        mean = mix.numbers()[AutoMix.LABEL_MEAN];
        deviation = mix.numbers()[AutoMix.LABEL_DEVIATION];
    }

    /** Whether the scale with the label in it is one. */
    boolean isFinite() {
        return Double.isFinite(mean) && Double.isFinite(squares) && Double.isFinite(label);
    }

    void commit() {
        numbers[COUNT]++;
        switch (loss) {
            case LOGISTIC -> {}
            case SQUARED -> {
                keepScale();
                spread((label - mix.margin()) * (label - mix.margin()), LEAST_SPREAD);
            }
            case ABSOLUTE -> {
                keepScale();
                spread(Math.abs(label - mix.margin()), LEAST_SPREAD);
            }
            case POISSON -> {
                keepScale();
                if (numbers[COUNT] > 1) {
                    spread((label - mix.margin()) * (label - mix.margin()) / mix.margin(), 1);
                }
            }
        }
    }

    private void keepScale() {
        numbers[SQUARES] = squares;
        mix.numbers()[AutoMix.LABEL_MEAN] = mean;
        mix.numbers()[AutoMix.LABEL_DEVIATION] = deviation;
    }

    private void spread(double size, double least) {
        double rate = Math.max(SLOWEST, 1 / (numbers[COUNT] + HEAD_START));
        numbers[SPREAD] = Math.max(least, numbers[SPREAD] + (size - numbers[SPREAD]) * rate);
    }
}
