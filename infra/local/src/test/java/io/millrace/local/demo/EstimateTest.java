package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class EstimateTest {
    private static final double Z = 1.959963984540054;

    @Test
    void isAMeanWithItsStandardErrorWhereEveryDenominatorIsOne() {
        Estimate.Ratio ratio = new Estimate.Ratio();
        double[] values = {1, 0, 0, 1, 1, 0, 1, 1, 0, 1};
        for (double value : values) {
            ratio.add(value, 1);
        }
        Estimate mean = ratio.estimate();
        double standardError = Math.sqrt(0.6 * 0.4 / 9);
        assertThat(mean.value()).isCloseTo(0.6, within(1e-15));
        assertThat(mean.low()).isCloseTo(0.6 - Z * standardError, within(1e-12));
        assertThat(mean.high()).isCloseTo(0.6 + Z * standardError, within(1e-12));
        assertThat(mean.margin()).isCloseTo(Z * standardError, within(1e-12));
    }

    @Test
    void agreesWithTheFormulaWorkedByHand() {
        Estimate.Ratio ratio = new Estimate.Ratio();
        ratio.add(2, 1);
        ratio.add(1, 1);
        ratio.add(3, 2);
        // R = 6/4; residuals 0.5, -0.5, 0; sum of squares 0.5; times 3/2; root over 4
        Estimate estimate = ratio.estimate();
        assertThat(estimate.value()).isEqualTo(1.5);
        assertThat(estimate.high()).isCloseTo(1.5 + Z * Math.sqrt(0.75) / 4, within(1e-12));
    }

    @Test
    void saysNothingFromLessThanTwoPairs() {
        Estimate.Ratio ratio = new Estimate.Ratio();
        assertThat(ratio.estimate().exists()).isFalse();
        ratio.add(1, 1);
        assertThat(ratio.estimate().exists()).isFalse();
        assertThat(ratio.value()).isEqualTo(1);
        Estimate.Ratio nothing = new Estimate.Ratio();
        nothing.add(0, 0);
        nothing.add(0, 0);
        assertThat(nothing.estimate().exists()).isFalse();
    }

    @Test
    void hasTheWidthThatTheBootstrapFinds() {
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            int n = 2_000;
            double[][] pairs = new double[n][];
            for (int i = 0; i < n; i++) {
                pairs[i] = slate(random);
            }
            Estimate estimate = ratio(pairs).estimate();
            double[] resampled = new double[2_000];
            for (int b = 0; b < resampled.length; b++) {
                double[][] sample = new double[n][];
                Arrays.setAll(sample, i -> pairs[random.nextInt(n)]);
                resampled[b] = ratio(sample).value();
            }
            Arrays.sort(resampled);
            double low = resampled[(int) (0.025 * resampled.length)];
            double high = resampled[(int) (0.975 * resampled.length)];
            assertThat(estimate.high() - estimate.low())
                    .as("seed %d", seed)
                    .isCloseTo(high - low, Percentage.withPercentage(8));
            assertThat(estimate.low()).isCloseTo(low, within((high - low) * 0.08));
        }
    }

    @Test
    void coversTheTruthNineteenTimesInTwenty() {
        Random random = new Random(4);
        int runs = 2_000;
        int covered = 0;
        int coveredRatio = 0;
        double truth = 0.375;
        for (int run = 0; run < runs; run++) {
            Estimate first = ratio(slates(random, 400)).estimate();
            Estimate second = ratio(slates(random, 100)).estimate();
            covered += first.low() <= truth && truth <= first.high() ? 1 : 0;
            Estimate over = first.over(second);
            coveredRatio += over.low() <= 1 && 1 <= over.high() ? 1 : 0;
        }
        double bound = 4 * Math.sqrt(0.95 * 0.05 / runs);
        assertThat(covered / (double) runs).isCloseTo(0.95, within(bound));
        assertThat(coveredRatio / (double) runs).isCloseTo(0.95, within(bound));
    }

    @Test
    void dividesIndependentEstimates() {
        Estimate ratio = Estimate.of(3, 0.3).over(Estimate.of(2, 0.1));
        double relative = Math.sqrt(0.1 * 0.1 + 0.05 * 0.05);
        assertThat(ratio.value()).isEqualTo(1.5);
        assertThat(ratio.low()).isCloseTo(1.5 / Math.exp(Z * relative), within(1e-12));
        assertThat(ratio.high()).isCloseTo(1.5 * Math.exp(Z * relative), within(1e-12));
        assertThat(Estimate.of(3, 1).over(Estimate.of(0, 0)).exists()).isFalse();
        assertThat(Estimate.NONE.over(Estimate.of(1, 0)).exists()).isFalse();
    }

    private static double[][] slates(Random random, int n) {
        double[][] slates = new double[n][];
        Arrays.setAll(slates, i -> slate(random));
        return slates;
    }

    /** Rewards of two to four items of a slate that is good or bad as a whole: mean 0.375. */
    private static double[] slate(Random random) {
        int items = 2 + random.nextInt(3);
        double quality = random.nextBoolean() ? 0.5 : 0.25;
        double reward = 0;
        for (int i = 0; i < items; i++) {
            reward += random.nextDouble() < quality ? 1 : 0;
        }
        return new double[] {reward, items};
    }

    private static Estimate.Ratio ratio(double[][] pairs) {
        Estimate.Ratio ratio = new Estimate.Ratio();
        for (double[] pair : pairs) {
            ratio.add(pair[0], pair[1]);
        }
        return ratio;
    }
}
