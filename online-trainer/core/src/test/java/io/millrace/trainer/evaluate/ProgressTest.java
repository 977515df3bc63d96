package io.millrace.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private static final int EXAMPLES = 3000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithANaiveComputation(long seed) {
        Random random = new Random(seed);
        double[] p = new double[EXAMPLES];
        double[] y = new double[EXAMPLES];
        double[] c = new double[EXAMPLES];
        Progress progress = new Progress(Loss.LOGISTIC);
        double weight = 0;
        double loss = 0;
        double positives = 0;
        double predicted = 0;
        for (int i = 0; i < EXAMPLES; i++) {
            p[i] = 1 / (1 + Math.exp(-random.nextGaussian() * 2 + 2));
            y[i] = random.nextDouble() < p[i] ? 1 : 0;
            c[i] = 1 + random.nextInt(3);
            progress.add(p[i], y[i], c[i]);
            weight += c[i];
            loss -= c[i] * Math.log(y[i] > 0 ? p[i] : 1 - p[i]);
            positives += c[i] * y[i];
            predicted += c[i] * p[i];
        }
        double mean = positives / weight;
        double entropy = -mean * Math.log(mean) - (1 - mean) * Math.log(1 - mean);
        assertThat(progress.meanLoss()).isCloseTo(loss / weight, within(1e-12));
        assertThat(progress.normalizedLoss()).isCloseTo(loss / weight / entropy, within(1e-12));
        assertThat(progress.baseRate()).isCloseTo(mean, within(1e-12));
        assertThat(progress.calibration()).isCloseTo(predicted / positives, within(1e-12));
        assertThat(progress.aucError()).isLessThan(0.01);
        assertThat(progress.auc()).as("seed %s", seed).isCloseTo(auc(p, y, c), within(progress.aucError() + 1e-12));
    }

    @Test
    void worstAndBestRankingsAreFound() {
        Progress best = new Progress(Loss.LOGISTIC);
        Progress worst = new Progress(Loss.LOGISTIC);
        Progress equal = new Progress(Loss.LOGISTIC);
        for (int i = 0; i < 10; i++) {
            best.add(i < 5 ? 0.1 : 0.9, i < 5 ? 0 : 1, 1);
            worst.add(i < 5 ? 1e-15 : 1 - 1e-15, i < 5 ? 1 : 0, 1);
            equal.add(0.5, i % 2, 1);
        }
        assertThat(best.auc()).isEqualTo(1);
        assertThat(worst.auc()).isZero();
        assertThat(equal.auc()).isEqualTo(0.5);
        assertThat(equal.normalizedLoss()).isCloseTo(1, within(1e-12));
    }

    @Test
    void squaredLossIsComparedWithTheMean() {
        Progress progress = new Progress(Loss.SQUARED);
        progress.add(1, 2, 1);
        progress.add(2, 4, 3);
        assertThat(progress.meanLoss()).isEqualTo((1 + 3 * 4) / 4.0);
        assertThat(progress.baseRate()).isEqualTo(3.5);
        assertThat(progress.normalizedLoss()).isCloseTo(3.25 / 0.75, within(1e-12));
        assertThat(progress.figures())
                .containsOnlyKeys(
                        "examples",
                        "corrections",
                        "squared_loss",
                        "normalized_squared_loss",
                        "calibration",
                        "base_rate");
    }

    @Test
    void leavesOutWhatIsNotDefined() {
        assertThat(new Progress(Loss.LOGISTIC).figures()).containsOnlyKeys("examples", "corrections");
        Progress negativesOnly = new Progress(Loss.LOGISTIC);
        negativesOnly.add(0.5, 0, 1);
        assertThat(negativesOnly.figures()).containsOnlyKeys("examples", "corrections", "log_loss", "base_rate");
    }

    @Test
    void goesOnFromItsState() {
        Random random = new Random(1);
        Progress whole = new Progress(Loss.LOGISTIC);
        Progress first = new Progress(Loss.LOGISTIC);
        Progress second = new Progress(Loss.LOGISTIC);
        for (int i = 0; i < 200; i++) {
            double p = random.nextDouble();
            int y = random.nextInt(2);
            whole.add(p, y, 1);
            (i < 100 ? first : second).add(p, y, 1);
            if (i == 99) {
                first.addCorrection();
                whole.addCorrection();
                second.restore(first.state());
            }
        }
        assertThat(second.state()).isEqualTo(whole.state());
        assertThat(second.figures()).isEqualTo(whole.figures());
        second.clear();
        assertThat(second.state()).isEqualTo(new Progress(Loss.LOGISTIC).state());
    }

    private static double auc(double[] p, double[] y, double[] c) {
        double won = 0;
        double pairs = 0;
        for (int i = 0; i < p.length; i++) {
            for (int j = 0; j < p.length; j++) {
                if (y[i] > 0 && y[j] == 0) {
                    pairs += c[i] * c[j];
                    won += c[i] * c[j] * (p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0);
                }
            }
        }
        return won / pairs;
    }
}
