package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every linear learner with every loss. */
class LinearLearnersTest {
    static Stream<Arguments> all() {
        return Arrays.stream(TestingLinear.values())
                .flatMap(kind -> Arrays.stream(Loss.values()).map(loss -> Arguments.of(kind, loss)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void findsWhatThereIsToFindInSimpleData(TestingLinear kind, Loss loss) {
        Random random = new Random(6);
        double[] told = {0};
        try (Learner learner = kind.learner(loss)) {
            for (int i = 0; i < 20_000; i++) {
                double reward = switch (loss) {
                    case LOGISTIC -> random.nextInt(10) < 2 ? 1 : 0;
                    case SQUARED -> 3 + random.nextGaussian();
                    case ABSOLUTE -> Math.exp(random.nextGaussian()) + 1;
                    case POISSON -> random.nextInt(3) + random.nextInt(5);
                };
                double share = i < 10_000 ? 0 : 1e-4;
                learner.learn(
                        constant(kind, loss, reward, 1), (at, prediction, label, c) -> told[0] += share * prediction);
            }
            double expected = switch (loss) {
                case LOGISTIC -> 0.2;
                case SQUARED, POISSON -> 3;
                case ABSOLUTE -> 2;
            };
            assertThat(told[0]).isCloseTo(expected, within(0.05 * expected));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void absurdExamplesAreLearnedOrNamedAndLeaveNothingThatIsNotFinite(TestingLinear kind, Loss loss) {
        long seed = 12;
        Random random = new Random(seed);
        float[] values = {0, Float.MIN_VALUE, 1e-30f, 1e-6f, 1, 1e6f, 1e30f, Float.MAX_VALUE};
        double[] rewards = {0, 1e-300, 1e-9, 1, 1e9, 1e30, 1e300};
        double[] weights = {0, 1e-300, 1e-9, 0.5, 1, 2, 1e9, 1e30, 1e300};
        try (Learner learner = kind.learner(loss)) {
            for (int i = 0; i < 5000; i++) {
                Instance instance = kind.random(random, loss, i);
                if (random.nextInt(5) == 0) {
                    instance.rewarded(
                            loss, rewards[random.nextInt(rewards.length)], weights[random.nextInt(weights.length)]);
                    instance.vector()
                            .add(kind.row(random.nextInt(TestingLinear.ROWS)), values[random.nextInt(values.length)]);
                }
                instance.replacing(loss, TestingLinear.reward(random, loss), 1);
                long before = learner.table().digest();
                try {
                    if (random.nextInt(5) == 0) {
                        learner.correct(instance, TestingLinear.SILENT);
                    } else {
                        learner.learn(instance, TestingLinear.SILENT);
                    }
                } catch (DivergedException e) {
                    assertThat(e.offset()).isEqualTo(i);
                    assertThat(learner.table().digest())
                            .as("seed %s, example %s", seed, i)
                            .isEqualTo(before);
                }
                for (int e = 0; e < instance.vector().size(); e++) {
                    assertThat(learner.table().get(instance.vector().index(e), 0))
                            .as("seed %s, example %s", seed, i)
                            .isFinite();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestingLinear.class)
    void anExampleOfNoImportanceTeachesNothing(TestingLinear kind) {
        try (Learner learner = kind.learner(Loss.LOGISTIC)) {
            learner.learn(constant(kind, Loss.LOGISTIC, 1, 1), TestingLinear.SILENT);
            long before = learner.table().digest();
            learner.learn(constant(kind, Loss.LOGISTIC, 0, 0), TestingLinear.SILENT);
            assertThat(learner.table().digest()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aNumberThatIsNotFiniteNamesTheExample(TestingLinear kind, Loss loss) {
        try (Learner learner = kind.learner(loss)) {
            learner.learn(constant(kind, loss, 1, 1), TestingLinear.SILENT);
            Instance huge = constant(kind, loss, 0, 1).at(77, 0);
            huge.vector().add(kind.row(4), Float.MAX_VALUE);
            huge.vector().add(kind.row(4), Float.MAX_VALUE);
            long before = learner.table().digest();
            assertThatThrownBy(() -> learner.learn(huge, TestingLinear.SILENT))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageStartingWith("example at offset 77, ");
            assertThat(learner.table().digest()).isEqualTo(before);
        }
    }

    /**
     * Of the difference that a wrong label made, the correction right after it leaves less than half; where slopes are mere
     * signs, and the sign has changed since, it helps at least.
     */
    @ParameterizedTest
    @MethodSource("all")
    void aCorrectionRightAfterItsExampleUndoesMostOfTheWrongLabel(TestingLinear kind, Loss loss) {
        Random random = new Random(8);
        double left = 0;
        double wrongBy = 0;
        for (int round = 0; round < 100; round++) {
            try (Learner corrected = kind.learner(loss);
                    Learner undisturbed = kind.learner(loss)) {
                for (int i = 0; i < 100; i++) {
                    Instance instance = kind.random(random, loss, i);
                    corrected.learn(instance, TestingLinear.SILENT);
                    undisturbed.learn(instance, TestingLinear.SILENT);
                }
                double weight = 1 + random.nextInt(2);
                Instance example = kind.random(random, loss, 100).rewarded(loss, 0, weight);
                corrected.learn(example, TestingLinear.SILENT);
                example.rewarded(loss, 1, weight).replacing(loss, 0, weight);
                undisturbed.learn(example, TestingLinear.SILENT);
                wrongBy += Math.abs(corrected.predict(example) - undisturbed.predict(example));
                corrected.correct(example, TestingLinear.SILENT);
                left += Math.abs(corrected.predict(example) - undisturbed.predict(example));
            }
        }
        assertThat(left).isLessThan((loss == Loss.ABSOLUTE ? 0.8 : 0.5) * wrongBy);
    }

    /** A gambler's second bet is larger than the first by what it won: coin betting comes less near to that. */
    @ParameterizedTest
    @MethodSource("all")
    void importance2IsNearerToTwoStepsThanTheirDistanceFromOne(TestingLinear kind, Loss loss) {
        Random random = new Random(9);
        double away = 0;
        double second = 0;
        for (int round = 0; round < 200; round++) {
            long seed = random.nextLong();
            double reward = TestingLinear.reward(random, loss);
            double once = after(kind, loss, seed, reward, 1);
            double twice = after(kind, loss, seed, reward, 1, 1);
            away += Math.abs(after(kind, loss, seed, reward, 2) - twice);
            second += Math.abs(twice - once);
        }
        assertThat(away).isLessThan((kind == TestingLinear.COIN ? 1 : 0.5) * second);
    }

    /** FTRL's step of importance 1 is a gradient step, which goes further than the way: by so much the others do, too. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void moreImportanceGoesFurtherAndNeverPastTheLabel(Loss loss) {
        Random random = new Random(9);
        for (TestingLinear kind : List.of(TestingLinear.FTRL, TestingLinear.NORMALIZED)) {
            for (int round = 0; round < 50; round++) {
                long seed = random.nextLong();
                double reward = TestingLinear.reward(random, loss);
                double label = kind.instance(loss, reward, 1).label();
                double was = after(kind, loss, seed, reward);
                double once = (after(kind, loss, seed, reward, 1) - was) * Math.signum(label - was);
                double least = 0;
                for (double weight : new double[] {0.25, 0.5, 2, 4, 8, 100, 10_000}) {
                    double moved = (after(kind, loss, seed, reward, weight) - was) * Math.signum(label - was);
                    double most = Math.abs(label - was);
                    assertThat(moved)
                            .as("%s, seed %s, weight %s", kind, seed, weight)
                            .isGreaterThan(-1e-6)
                            .isLessThan(kind == TestingLinear.FTRL ? Math.max(1.25 * most, 2.5 * once) : most + 1e-5);
                    if (kind == TestingLinear.NORMALIZED) {
                        assertThat(moved).as("seed %s, weight %s", seed, weight).isGreaterThan(0.7 * least - 1e-6);
                    }
                    least = moved;
                }
                assertThat(least)
                        .as("%s, seed %s", kind, seed)
                        .isGreaterThan(Math.min(once, 0.9 * Math.abs(label - was)) - 1e-5);
            }
        }
    }

    /** What is predicted for an example after thirty others, and after itself with these weights. */
    private static double after(TestingLinear kind, Loss loss, long seed, double reward, double... weights) {
        Random random = new Random(seed);
        try (Learner learner = kind.learner(loss)) {
            for (int i = 0; i < 30; i++) {
                learner.learn(kind.random(random, loss, i), TestingLinear.SILENT);
            }
            Instance example = distinct(kind, random);
            for (double weight : weights) {
                learner.learn(example.rewarded(loss, reward, weight), TestingLinear.SILENT);
            }
            return learner.predict(example);
        }
    }

    private static Instance distinct(TestingLinear kind, Random random) {
        Instance instance = new Instance();
        for (int i = 0; i < 5; i++) {
            instance.vector().add(kind.row(8 * i + random.nextInt(8)), (float) random.nextGaussian());
        }
        return instance;
    }

    private static Instance constant(TestingLinear kind, Loss loss, double reward, double weight) {
        Instance instance = kind.instance(loss, reward, weight);
        instance.vector().add(kind.row(0), 1);
        return instance;
    }
}
