package io.millrace.trainer.learn;

import io.millrace.trainer.score.AutoMix;

/**
 * Learns one linear combination of the members' margins by the extended Kalman filter with a full covariance: for a loss
 * with derivative -g and curvature s at the output, inputs x and covariance P,
 *
 * <pre>
 *   m' = m + P x g / (1 + s xᵀ P x)        P' = P - P x (P x)ᵀ s / (1 + s xᵀ P x)
 * </pre>
 *
 * and then each variance returns by a share towards what it was at the beginning, so that the combination never sets. The
 * means lie in the mix, which serving has, too. Not thread-safe.
 */
final class KalmanStacker {
    private static final int N = AutoMix.INPUTS;

    /** Numbers of the covariance. */
    static final int NUMBERS = N * N;

    private final double variance;
    private final double constantVariance;
    private final double relaxation;
    private final int firstMean;
    private final double[] covariance = new double[NUMBERS];
    private final double[] gain = new double[N];

    /**
     * @param firstMean where the means begin among the mix's numbers
     * @param relaxation share of the way back to its beginning that a variance goes with each example that tells all it can
     */
    KalmanStacker(int firstMean, double variance, double constantVariance, double relaxation) {
        this.firstMean = firstMean;
        this.variance = variance;
        this.constantVariance = constantVariance;
        this.relaxation = relaxation;
        System.arraycopy(initial(), 0, covariance, 0, NUMBERS);
    }

    double[] initial() {
        double[] numbers = new double[NUMBERS];
        for (int i = 0; i < N; i++) {
            numbers[i * N + i] = variance(i);
        }
        return numbers;
    }

    double[] covariance() {
        return covariance;
    }

    /** Forgets how sure it was, not what it knows. */
    void reset() {
        System.arraycopy(initial(), 0, covariance, 0, NUMBERS);
    }

    /**
     * Learns from the derivative and the curvature of the last prediction's loss at this stacker's output.
     *
     * @param information how much of what an example can tell this one does, 0 to 1
     */
    void learn(AutoMix mix, double g, double s, double information) {
        double[] x = mix.inputs();
        double spread = multiply(x);
        double scale = 1 / (1 + s * spread);
        double[] numbers = mix.numbers();
        for (int a = 0; a < N; a++) {
            numbers[firstMean + a] += gain[a] * g * scale;
        }
        shrink(s * scale);
        for (int a = 0; a < N; a++) {
            covariance[a * N + a] += relaxation * information * Math.max(0, variance(a) - covariance[a * N + a]);
        }
    }

    /**
     * Takes up that the derivative of an example before was another, by today's covariance: in a filter's terms, what an example
     * told is a sum, and the mean is the covariance times it.
     *
     * @param g by how much more the derivative goes down
     */
    void correct(AutoMix mix, double g, double s) {
        double scale = 1 / (1 + s * multiply(mix.inputs()));
        double[] numbers = mix.numbers();
        for (int a = 0; a < N; a++) {
            numbers[firstMean + a] += gain[a] * g * scale;
        }
    }

    /** P x, a column of P after the other, since sums of eight can go on side by side; returns xᵀ P x. */
    private double multiply(double[] x) {
        double[] p = covariance;
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        for (int i = 0; i < N; i++) {
            double factor = x[i];
            int at = i * N;
            a += p[at] * factor;
            b += p[at + 1] * factor;
            c += p[at + 2] * factor;
            d += p[at + 3] * factor;
            e += p[at + 4] * factor;
            f += p[at + 5] * factor;
            g += p[at + 6] * factor;
            h += p[at + 7] * factor;
        }
        gain[0] = a;
        gain[1] = b;
        gain[2] = c;
        gain[3] = d;
        gain[4] = e;
        gain[5] = f;
        gain[6] = g;
        gain[7] = h;
        return a * x[0] + b * x[1] + c * x[2] + d * x[3] + e * x[4] + f * x[5] + g * x[6] + h * x[7];
    }

    /** P - P x (P x)ᵀ factor, which stays symmetric, bit by bit. */
    private void shrink(double factor) {
        double[] p = covariance;
        double a = gain[0];
        double b = gain[1];
        double c = gain[2];
        double d = gain[3];
        double e = gain[4];
        double f = gain[5];
        double g = gain[6];
        double h = gain[7];
        for (int i = 0; i < N; i++) {
            double gained = gain[i];
            int at = i * N;
            p[at] -= gained * a * factor;
            p[at + 1] -= gained * b * factor;
            p[at + 2] -= gained * c * factor;
            p[at + 3] -= gained * d * factor;
            p[at + 4] -= gained * e * factor;
            p[at + 5] -= gained * f * factor;
            p[at + 6] -= gained * g * factor;
            p[at + 7] -= gained * h * factor;
        }
    }

    private double variance(int input) {
        return input < AutoMix.MEMBERS ? variance : constantVariance;
    }
}
