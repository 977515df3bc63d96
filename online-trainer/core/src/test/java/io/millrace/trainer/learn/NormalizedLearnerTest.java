package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.TestingSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormalizedLearnerTest {
    private static final TestingLinear KIND = TestingLinear.NORMALIZED;

    @ParameterizedTest
    @EnumSource(Loss.class)
    void learnsWhatThePaperSays(Loss loss) {
        long seed = 11;
        Random random = new Random(seed);
        NaiveNormalized oracle = new NaiveNormalized(loss, 0.5);
        try (Learner learner = KIND.learner(loss)) {
            for (int i = 0; i < 2000; i++) {
                Instance instance = example(random, loss, 1);
                Map<Integer, Double> x = TestingLinear.summed(instance);
                assertThat(learner.predict(instance))
                        .as("seed %s, example %s", seed, i)
                        .isCloseTo(prediction(loss, oracle.margin(x)), within(2e-3));
                oracle.learn(x, instance.label(), instance.importance());
                learner.learn(instance, TestingLinear.SILENT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void theScaleOfAFeatureChangesNoPrediction(Loss loss) {
        List<Double> plain = predictions(loss, 1, 1);
        for (float factor : new float[] {1e-6f, 1e-3f, 1024, 1e6f}) {
            List<Double> scaled = predictions(loss, factor, 1);
            for (int i = 0; i < plain.size(); i++) {
                assertThat(scaled.get(i))
                        .as("factor %s, example %s", factor, i)
                        .isCloseTo(plain.get(i), within(1e-4 * Math.max(1, Math.abs(plain.get(i)))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Loss.class,
            names = {"SQUARED", "ABSOLUTE"})
    void theUnitOfTheLabelIsThatOfThePrediction(Loss loss) {
        List<Double> plain = predictions(loss, 1, 1);
        List<Double> scaled = predictions(loss, 1, 1e4);
        for (int i = 0; i < plain.size(); i++) {
            assertThat(scaled.get(i) / 1e4).as("example %s", i).isCloseTo(plain.get(i), within(1e-3));
        }
    }

    /** The difference that is left is that of step sizes, which smaller steps settle in between. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void importance4IsLikeManyStepsOfLittleImportance(Loss loss) {
        Random random = new Random(5);
        double away = 0;
        double way = 0;
        for (int round = 0; round < 100; round++) {
            long seed = random.nextLong();
            double reward = TestingLinear.reward(random, loss);
            double was = after(loss, seed, reward, 0, 1);
            double once = after(loss, seed, reward, 1, 4);
            double often = after(loss, seed, reward, 16, 4);
            away += Math.abs(once - often);
            way += Math.abs(often - was);
        }
        assertThat(away).isLessThan(0.35 * way);
    }

    private static double after(Loss loss, long seed, double reward, int steps, double importance) {
        Random random = new Random(seed);
        try (Learner learner = KIND.learner(loss)) {
            for (int i = 0; i < 100; i++) {
                learner.learn(example(random, loss, 1), TestingLinear.SILENT);
            }
            Instance example = example(random, loss, 1);
            for (int i = 0; i < steps; i++) {
                learner.learn(example.rewarded(loss, reward, importance / steps), TestingLinear.SILENT);
            }
            return learner.predict(example);
        }
    }

    /** A step so small that the slope is the same all the way is the gradient's direction, in each coordinate's own unit. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void aSmallStepGoesAgainstTheGradient(Loss loss) {
        Random random = new Random(6);
        for (int round = 0; round < 50; round++) {
            try (Learner learner = Learner.of(
                    TestingSpecs.movies("{learner: normalized, loss: " + loss.text() + ", rate: 1e-6, bits: 8}"))) {
                Instance instance = example(random, loss, 1).rewarded(loss, loss == Loss.POISSON ? 2 : 1, 1);
                learner.learn(instance, TestingLinear.SILENT);
                Map<Integer, Double> x = TestingLinear.summed(instance);
                double slope = NaiveFlow.slope(loss, 0, instance.label());
                x.forEach((row, value) -> {
                    double step = 1e-6 / Math.sqrt(x.size()) * Math.signum(slope * value) / Math.abs(value);
                    assertThat((double) learner.table().get(row, 0)).isCloseTo(-step, within(1e-4 * Math.abs(step)));
                });
            }
        }
    }

    @Test
    void aValueBeyondAnySeenCountsAsTheLargestSeen() {
        try (Learner learner = KIND.learner(Loss.SQUARED)) {
            learner.learn(of(2, 5), TestingLinear.SILENT);
            double atTwo = learner.predict(of(2, 0));
            assertThat(atTwo).isPositive();
            assertThat(learner.predict(of(1e9f, 0))).isEqualTo(atTwo);
            assertThat(learner.predict(of(-1e9f, 0))).isEqualTo(-atTwo);
        }
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatThrownBy(() -> new NormalizedSettings(0)).hasMessage("model.rate: 0.0 (expected: a number above 0)");
    }

    private static Instance of(float value, double reward) {
        Instance instance = KIND.instance(Loss.SQUARED, reward, 1);
        instance.vector().add(KIND.row(0), value);
        return instance;
    }

    /** Predictions on a stream in which every eighth row's values, and the labels, are multiplied. */
    private static List<Double> predictions(Loss loss, float factor, double labels) {
        Random random = new Random(7);
        List<Double> told = new ArrayList<>();
        try (Learner learner = KIND.learner(loss)) {
            for (int i = 0; i < 2000; i++) {
                Instance instance = example(random, loss, factor);
                instance.rewarded(loss, instance.label() * labels, 1 + i % 2);
                learner.learn(instance, (at, prediction, label, importance) -> told.add(prediction));
            }
        }
        return told;
    }

    /** Rows that differ; importance 1 or 2. */
    private static Instance example(Random random, Loss loss, float factor) {
        Instance instance = KIND.instance(loss, TestingLinear.reward(random, loss), 1 + random.nextInt(2));
        for (int i = 0; i < 5; i++) {
            int feature = 8 * i + random.nextInt(8);
            instance.vector().add(KIND.row(feature), (float) random.nextGaussian() * (feature % 8 == 0 ? factor : 1));
        }
        return instance;
    }

    private static double prediction(Loss loss, double margin) {
        return switch (loss) {
            case LOGISTIC -> 1 / (1 + Math.exp(-margin));
            case SQUARED, ABSOLUTE -> margin;
            case POISSON -> Math.exp(margin);
        };
    }
}
