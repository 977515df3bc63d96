package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.TestingSpecs;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoinLearnerTest {
    private static final TestingLinear KIND = TestingLinear.COIN;
    private static final int THETA = 3;
    private static final int TOTAL = 4;
    private static final int WON = 6;

    @ParameterizedTest
    @EnumSource(Loss.class)
    void learnsWhatItsFormulasSay(Loss loss) {
        long seed = 13;
        Random random = new Random(seed);
        NaiveCoin oracle = new NaiveCoin(loss, 4);
        try (Learner learner = KIND.learner(loss)) {
            for (int i = 0; i < 2000; i++) {
                Instance instance = example(random, loss);
                Map<Integer, Double> x = TestingLinear.summed(instance);
                double expected = oracle.margin(x);
                double margin = switch (loss) {
                    case LOGISTIC -> log(learner.predict(instance)) - log(1 - learner.predict(instance));
                    case SQUARED, ABSOLUTE -> learner.predict(instance);
                    case POISSON -> log(learner.predict(instance));
                };
                assertThat(margin)
                        .as("seed %s, example %s", seed, i)
                        .isCloseTo(expected, within(2e-3 * Math.max(1, Math.abs(expected))));
                oracle.learn(x, instance.label(), instance.importance());
                learner.learn(instance, TestingLinear.SILENT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void noGamblerStakesMoreThanItHas(Loss loss) {
        Random random = new Random(14);
        try (Learner learner = KIND.learner(loss)) {
            for (int i = 0; i < 3000; i++) {
                Instance instance = KIND.random(random, loss, i);
                if (i % 50 == 0) {
                    instance.rewarded(loss, instance.label(), 1000);
                }
                learner.learn(instance, TestingLinear.SILENT);
                for (int row : TestingLinear.summed(instance).keySet()) {
                    float total = learner.table().get(row, TOTAL);
                    assertThat(Math.abs(learner.table().get(row, THETA))).isLessThanOrEqualTo(total * 1.0001f);
                    assertThat(learner.table().get(row, WON)).isGreaterThanOrEqualTo(0);
                }
            }
        }
    }

    /** With little to stake the slope is the same all the way, and θ after one example is the gradient, less its sign. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void thetaIsTheNegativeGradient(Loss loss) {
        Random random = new Random(15);
        for (int round = 0; round < 50; round++) {
            try (Learner learner = Learner.of(
                    TestingSpecs.movies("{learner: coin, loss: " + loss.text() + ", wealth: 1e-6, bits: 8}"))) {
                Instance instance = example(random, loss);
                learner.learn(instance, TestingLinear.SILENT);
                double gradient = instance.importance() * NaiveFlow.slope(loss, 0, instance.label());
                TestingLinear.summed(instance)
                        .forEach((row, value) -> assertThat(
                                        (double) learner.table().get(row, THETA))
                                .isCloseTo(-gradient * Math.signum(value), within(1e-4 * Math.abs(gradient) + 1e-9)));
            }
        }
    }

    /** What no step size of its own could do: labels in thousandths and in thousands are found as fast. */
    @Test
    void theUnitOfTheLabelIsThatOfThePrediction() {
        for (double unit : new double[] {1e-3, 1e3}) {
            try (Learner learner = KIND.learner(Loss.SQUARED)) {
                for (int i = 0; i < 20; i++) {
                    Instance instance = KIND.instance(Loss.SQUARED, 7 * unit, 1);
                    instance.vector().add(KIND.row(0), 1);
                    learner.learn(instance, TestingLinear.SILENT);
                }
                Instance instance = KIND.instance(Loss.SQUARED, 0, 1);
                instance.vector().add(KIND.row(0), 1);
                assertThat(learner.predict(instance)).isCloseTo(7 * unit, within(0.1 * unit));
            }
        }
    }

    @Test
    void refusesAWealthThatIsNone() {
        assertThatThrownBy(() -> new CoinSettings(-1)).hasMessage("model.wealth: -1.0 (expected: a number above 0)");
    }

    private static double log(double x) {
        return Math.log(x);
    }

    private static Instance example(Random random, Loss loss) {
        Instance instance = KIND.instance(loss, TestingLinear.reward(random, loss), 1 + random.nextInt(2));
        for (int i = 0; i < 5; i++) {
            instance.vector().add(KIND.row(8 * i + random.nextInt(8)), (float) random.nextGaussian());
        }
        return instance;
    }
}
