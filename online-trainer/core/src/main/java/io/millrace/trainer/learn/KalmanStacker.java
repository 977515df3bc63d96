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
        double spread = 0;
        for (int a = 0; a < N; a++) {
            double sum = 0;
            for (int b = 0; b < N; b++) {
                sum += covariance[a * N + b] * mix.input(b);
            }
            gain[a] = sum;
            spread += sum * mix.input(a);
        }
        double scale = 1 / (1 + s * spread);
        double[] numbers = mix.numbers();
        for (int a = 0; a < N; a++) {
            numbers[firstMean + a] += gain[a] * g * scale;
            double shrink = gain[a] * s * scale;
            for (int b = 0; b < N; b++) {
                covariance[a * N + b] -= shrink * gain[b];
            }
        }
        for (int a = 0; a < N; a++) {
            covariance[a * N + a] += relaxation * information * Math.max(0, variance(a) - covariance[a * N + a]);
        }
    }

    private double variance(int input) {
        return input < AutoMix.MEMBERS ? variance : constantVariance;
    }
}
