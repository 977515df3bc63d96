package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;

/**
 * How weights and a vector become a prediction.
 *
 * <p>The margin is the sum of weight times value in the order of the vector's elements, every product and every addition in
 * double: a product of two floats is exact in double, and the order is fixed, so the same weights give the same bits
 * whether they lie in an off-heap array or in blocks on the heap. An index that occurs more than once counts as often.
 */
public final class Scoring {
    /** Margins of a probability are clamped to ± this, so that no probability is ever 0 or 1: 1/(1+e^35) is about 6e-16. */
    public static final double MAX_MARGIN = 35;

    private Scoring() {}

    public static double margin(Weights weights, SparseVector x) {
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            sum += (double) weights.weight(x.index(i)) * x.value(i);
        }
        return sum;
    }

    /** The prediction on the scale of the loss: a probability for logistic, the reward itself for squared. */
    public static double prediction(Loss loss, double margin) {
        return switch (loss) {
            case LOGISTIC -> sigmoid(margin);
            case SQUARED -> margin;
        };
    }

    private static double sigmoid(double margin) {
        double clamped = Math.max(-MAX_MARGIN, Math.min(MAX_MARGIN, margin));
        return 1 / (1 + StrictMath.exp(-clamped));
    }
}
