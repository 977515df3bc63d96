package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.TestingSpecs;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmStartTest {
    @ParameterizedTest
    @EnumSource(TestingLinear.class)
    void aWeightComesInToTheLastBit(TestingLinear kind) {
        long seed = 21;
        Random random = new Random(seed);
        try (Learner learner = kind.learner(Loss.LOGISTIC)) {
            for (int i = 0; i < 10_000; i++) {
                float weight = (float) (random.nextGaussian() * Math.exp(random.nextGaussian() * 4));
                double confidence = Math.exp(random.nextGaussian() * 4);
                learner.warmStart(kind.row(i % TestingLinear.ROWS), new Prior(weight, confidence, 1));
                assertThat(learner.table().get(kind.row(i % TestingLinear.ROWS), 0))
                        .as("seed %s, case %s, confidence %s", seed, i, confidence)
                        .isEqualTo(weight);
            }
        }
    }

    /** A weight without the optimiser's state falls from 1 to 0.08 at the first gradient of 0.01. */
    @ParameterizedTest
    @EnumSource(TestingLinear.class)
    void aWeightOutlivesAStepThatHasLittleToSay(TestingLinear kind) {
        try (Learner learner = kind.learner(Loss.SQUARED)) {
            learner.warmStart(kind.row(0), new Prior(1, 100, 1));
            Instance example = of(kind, Loss.SQUARED, 0.99);
            assertThat(learner.predict(example)).isEqualTo(1);
            learner.learn(example, TestingLinear.SILENT);
            assertThat(learner.predict(example)).isBetween(0.985, 1.0 - 1e-9);
        }
    }

    @Test
    void ofFtrlAWeightWithoutItsStateDoesNot() {
        try (Learner learner = TestingLinear.FTRL.learner(Loss.SQUARED)) {
            learner.table().put(TestingLinear.FTRL.row(0), 0, 1);
            Instance example = of(TestingLinear.FTRL, Loss.SQUARED, 0.99);
            learner.learn(example, TestingLinear.SILENT);
            assertThat(learner.predict(example)).isLessThan(0.1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestingLinear.class)
    void learningGoesOnFromThereToWhereTheDataIs(TestingLinear kind) {
        Random random = new Random(4);
        try (Learner learner = kind.learner(Loss.LOGISTIC)) {
            learner.warmStart(kind.row(0), new Prior(-3, 10, 1));
            double told = 0;
            for (int i = 0; i < 4000; i++) {
                Instance example = of(kind, Loss.LOGISTIC, random.nextInt(10) < 7 ? 1 : 0);
                told += i < 2000 ? 0 : learner.predict(example) / 2000;
                learner.learn(example, TestingLinear.SILENT);
            }
            assertThat(told).isCloseTo(0.7, within(0.05));
        }
    }

    @ParameterizedTest
    @EnumSource(TestingLinear.class)
    void moreConfidenceMovesLess(TestingLinear kind) {
        double before = Double.POSITIVE_INFINITY;
        for (double confidence : new double[] {1, 10, 100, 1000}) {
            try (Learner learner = kind.learner(Loss.LOGISTIC)) {
                learner.warmStart(kind.row(0), new Prior(1, confidence, 1));
                Instance example = of(kind, Loss.LOGISTIC, 0);
                double was = learner.predict(example);
                learner.learn(example, TestingLinear.SILENT);
                double moved = was - learner.predict(example);
                assertThat(moved).isPositive().isLessThan(before);
                before = moved;
            }
        }
    }

    /** With l1 = 1, z = 1 + what the weight needs: a small weight's last bits may fall off its end. */
    @Test
    void l1LeavesTheNearestWeight() {
        FtrlSettings settings = new FtrlSettings(0.1, 1, 1, 0);
        Random random = new Random(5);
        try (Learner learner = Learner.of(TestingSpecs.movies("{learner: ftrl, bits: 8, alpha: 0.1, l1: 1}"))) {
            for (int i = 0; i < 1000; i++) {
                float weight = (float) random.nextGaussian();
                learner.warmStart(0, new Prior(weight, 10, 1));
                double curvature = (settings.beta() + Math.sqrt(10)) / settings.alpha();
                assertThat((double) learner.table().get(0, 0))
                        .isCloseTo(weight, within(Math.ulp(1 + Math.abs(weight) * (float) curvature) / curvature));
            }
        }
    }

    @Test
    void refusesWhatIsNoWeight() {
        assertThatThrownBy(() -> new Prior(Float.NaN, 1, 1)).hasMessage("weight: NaN (expected: a finite number)");
        assertThatThrownBy(() -> new Prior(1, 0, 1)).hasMessage("confidence: 0.0 (expected: a number above 0)");
        assertThatThrownBy(() -> new Prior(1, 1, -1)).hasMessage("scale: -1.0 (expected: a number above 0)");
    }

    private static Instance of(TestingLinear kind, Loss loss, double reward) {
        Instance instance = kind.instance(loss, reward, 1);
        instance.vector().add(kind.row(0), 1);
        return instance;
    }
}
