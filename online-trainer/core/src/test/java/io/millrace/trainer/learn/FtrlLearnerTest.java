package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.DenseSpan;
import io.millrace.trainer.score.Layout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FtrlLearnerTest {
    private static final int PARAMETERS = 64;
    private static final FtrlSettings PLAIN = new FtrlSettings(0.1, 1, 0, 0);
    private static final PredictionSink SILENT = (at, prediction, label, importance) -> {};

    @ParameterizedTest
    @CsvSource({
        "LOGISTIC,0.1,1,0,0,1",
        "LOGISTIC,0.5,0,0,0,2",
        "LOGISTIC,0.1,1,0.3,0.2,3",
        "SQUARED,0.1,1,0,0,4",
        "SQUARED,0.05,0.5,0.2,0.1,5"
    })
    void learnsWhatThePaperSays(Loss loss, double alpha, double beta, double l1, double l2, long seed) {
        FtrlSettings settings = new FtrlSettings(alpha, beta, l1, l2);
        NaiveFtrl oracle = new NaiveFtrl(loss, settings);
        Random random = new Random(seed);
        try (FtrlLearner learner = new FtrlLearner(loss, layout(), settings)) {
            for (int i = 0; i < 5000; i++) {
                Instance instance = random(random, loss, i);
                Map<Integer, Double> x = summed(instance);
                double prediction = learner.predict(instance);
                assertThat(prediction).as("seed %s, example %s", seed, i).isCloseTo(oracle.predict(x), within(2e-4));
                oracle.learn(x, instance.label(), instance.importance());
                learner.learn(instance, prediction);
            }
            for (int i = 0; i < PARAMETERS; i++) {
                assertThat((double) learner.table().weight(i, 0))
                        .as("seed %s, weight %s", seed, i)
                        .isCloseTo(oracle.weight(i), within(2e-4));
            }
        }
    }

    @Test
    void sameExamplesGiveTheSameBits() {
        assertThat(digestOf(9)).isEqualTo(digestOf(9)).isNotEqualTo(digestOf(10));
    }

    /** From fresh weights, z after one example is the loss's gradient: compared with a difference quotient of the loss. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void gradientIsTheLosssDerivative(Loss loss) {
        Random random = new Random(4);
        for (int i = 0; i < 100; i++) {
            Instance instance = random(random, loss, 0);
            instance.rewarded(loss, instance.label(), 1);
            try (FtrlLearner learner = new FtrlLearner(loss, layout(), PLAIN)) {
                learner.learn(instance, learner.predict(instance));
                summed(instance).forEach((index, x) -> {
                    double h = 1e-5;
                    double slope = (loss(loss, h * x, instance) - loss(loss, -h * x, instance)) / (2 * h);
                    assertThat((double) learner.table().get(index, 1))
                            .isCloseTo(slope, within(1e-5 + 1e-5 * Math.abs(slope)));
                });
            }
        }
    }

    @Test
    void anIndexThatOccursTwiceIsOneCoordinateWithTheSum() {
        Instance twice = new Instance().at(0, 0).rewarded(Loss.SQUARED, 3, 1);
        twice.vector().add(5, 1);
        twice.vector().add(5, 1.5f);
        Instance once = new Instance().at(0, 0).rewarded(Loss.SQUARED, 3, 1);
        once.vector().add(5, 2.5f);
        try (FtrlLearner a = new FtrlLearner(Loss.SQUARED, layout(), PLAIN);
                FtrlLearner b = new FtrlLearner(Loss.SQUARED, layout(), PLAIN)) {
            for (int i = 0; i < 10; i++) {
                a.learn(twice, a.predict(twice));
                b.learn(once, b.predict(once));
            }
            assertThat(a.table().weight(5, 0))
                    .isCloseTo(b.table().weight(5, 0), within(1e-6f))
                    .isPositive();
        }
    }

    @Test
    void l1LeavesWeakWeightsAtZero() {
        try (FtrlLearner learner = new FtrlLearner(Loss.LOGISTIC, layout(), new FtrlSettings(0.1, 1, 10, 0))) {
            Random random = new Random(1);
            for (int i = 0; i < 10; i++) {
                Instance instance = random(random, Loss.LOGISTIC, i);
                learner.learn(instance, learner.predict(instance));
            }
            assertThat(learner.table().digest()).isNotZero();
            for (int i = 0; i < PARAMETERS; i++) {
                assertThat(learner.table().weight(i, 0)).isZero();
            }
        }
    }

    @Test
    void aCorrectionFromFreshWeightsGivesExactlyTheRightLabelsWeights() {
        Instance right = labelled(1, 0);
        try (FtrlLearner corrected = new FtrlLearner(Loss.LOGISTIC, layout(), PLAIN);
                FtrlLearner undisturbed = new FtrlLearner(Loss.LOGISTIC, layout(), PLAIN)) {
            Instance wrong = labelled(0, 0);
            corrected.learn(wrong, 0.5);
            corrected.correct(right, SILENT);
            undisturbed.learn(right, 0.5);
            assertThat(corrected.table().digest()).isEqualTo(undisturbed.table().digest());
        }
    }

    /** What it would have been, had the label been known in time; the rows that the example has, and all others. */
    @ParameterizedTest
    @CsvSource({
        "LOGISTIC, 0.1, 1, 0, 0, 1, 1",
        "LOGISTIC, 0.1, 1, 0, 0, 1, 3",
        "LOGISTIC, 0.1, 1, 0, 0, 10, 1",
        "LOGISTIC, 0.3, 1, 0.2, 0.1, 1, 1",
        "SQUARED, 0.1, 1, 0, 0, 1, 1",
        "SQUARED, 0.1, 1, 0.1, 0.1, 2, 2",
        "POISSON, 0.05, 1, 0, 0, 1, 1"
    })
    void aCorrectionRightAfterItsExampleLeavesTheRightLabelsWeights(
            Loss loss, double alpha, double beta, double l1, double l2, double wrongWeight, double rightWeight) {
        FtrlSettings settings = new FtrlSettings(alpha, beta, l1, l2);
        Random random = new Random(8);
        double wrongBy = 0;
        for (int round = 0; round < 200; round++) {
            try (FtrlLearner corrected = new FtrlLearner(loss, layout(), settings);
                    FtrlLearner undisturbed = new FtrlLearner(loss, layout(), settings)) {
                for (int i = 0; i < 100; i++) {
                    Instance instance = random(random, loss, i);
                    corrected.learn(instance, corrected.predict(instance));
                    undisturbed.learn(instance, undisturbed.predict(instance));
                }
                Instance example = random(random, loss, 100).rewarded(loss, 0, wrongWeight);
                corrected.learn(example, corrected.predict(example));
                example.rewarded(loss, 1, rightWeight).replacing(loss, 0, wrongWeight);
                undisturbed.learn(example, undisturbed.predict(example));
                wrongBy = Math.max(wrongBy, difference(corrected, undisturbed));
                corrected.correct(example, SILENT);
                assertThat(difference(corrected, undisturbed))
                        .as("round %d", round)
                        .isLessThan(1e-6);
            }
        }
        assertThat(wrongBy).isGreaterThan(1e-2);
    }

    /** So large a step that several margins before it lead to the same z: n tells which it was. */
    @ParameterizedTest
    @CsvSource({"LOGISTIC, 0.1, 60, 0", "LOGISTIC, 1, 10, 0", "LOGISTIC, 1, 10, 5", "LOGISTIC, 0.5, 40, 20"})
    void aCorrectionOfAnExampleOfManyNewFeaturesLeavesTheRightLabelsWeights(
            Loss loss, double alpha, int features, int known) {
        FtrlSettings settings = new FtrlSettings(alpha, 1, 0, 0);
        try (FtrlLearner corrected = new FtrlLearner(loss, layout(), settings);
                FtrlLearner undisturbed = new FtrlLearner(loss, layout(), settings)) {
            for (int i = 0; i < known; i++) {
                Instance one = new Instance().at(i, 0).rewarded(loss, i % 2, 1);
                one.vector().add(i, 1);
                corrected.learn(one, corrected.predict(one));
                undisturbed.learn(one, undisturbed.predict(one));
            }
            Instance example = new Instance().at(known, 0).rewarded(loss, 0, 1);
            for (int i = 0; i < features; i++) {
                example.vector().add(i, 1);
            }
            corrected.learn(example, corrected.predict(example));
            example.rewarded(loss, 1, 1).replacing(loss, 0, 1);
            undisturbed.learn(example, undisturbed.predict(example));
            assertThat(difference(corrected, undisturbed)).isGreaterThan(1e-2);
            corrected.correct(example, SILENT);
            assertThat(difference(corrected, undisturbed)).isLessThan(1e-6);
        }
    }

    private static double difference(FtrlLearner one, FtrlLearner other) {
        double most = 0;
        for (int i = 0; i < PARAMETERS; i++) {
            most = Math.max(
                    most, Math.abs(one.table().weight(i, 0) - other.table().weight(i, 0)));
        }
        return most;
    }

    /** Of the difference that wrong labels made to weights, what is left when they are corrected so many examples later. */
    @ParameterizedTest
    @CsvSource({"LOGISTIC, 1, 0.02", "LOGISTIC, 10, 0.08", "LOGISTIC, 100, 0.3", "SQUARED, 10, 0.2"})
    void aLaterCorrectionTakesMostOfTheWrongLabelBack(Loss loss, int later, double tolerance) {
        Random random = new Random(9);
        double left = 0;
        double wrongBy = 0;
        for (int round = 0; round < 200; round++) {
            try (FtrlLearner corrected = new FtrlLearner(loss, layout(), PLAIN);
                    FtrlLearner undisturbed = new FtrlLearner(loss, layout(), PLAIN)) {
                for (int i = 0; i < 100; i++) {
                    Instance instance = random(random, loss, i);
                    corrected.learn(instance, corrected.predict(instance));
                    undisturbed.learn(instance, undisturbed.predict(instance));
                }
                Instance example = random(random, loss, 100).rewarded(loss, 0, 1);
                corrected.learn(example, corrected.predict(example));
                example.rewarded(loss, 1, 1).replacing(loss, 0, 1);
                undisturbed.learn(example, undisturbed.predict(example));
                for (int i = 0; i < later; i++) {
                    Instance instance = random(random, loss, 101 + i);
                    corrected.learn(instance, corrected.predict(instance));
                    undisturbed.learn(instance, undisturbed.predict(instance));
                }
                wrongBy += difference(corrected, undisturbed);
                corrected.correct(example, SILENT);
                left += difference(corrected, undisturbed);
            }
        }
        assertThat(left).isLessThan(tolerance * wrongBy);
    }

    @ParameterizedTest
    @EnumSource(value = Loss.class, mode = EnumSource.Mode.EXCLUDE, names = "ABSOLUTE")
    void aNumberThatIsNotFiniteNamesTheExampleAndChangesNothing(Loss loss) {
        try (FtrlLearner learner = new FtrlLearner(loss, layout(), PLAIN)) {
            Random random = new Random(2);
            for (int i = 0; i < 50; i++) {
                Instance instance = random(random, loss, i);
                learner.learn(instance, learner.predict(instance));
            }
            long before = learner.table().digest();
            Instance huge = new Instance().at(77, 0).rewarded(loss, 1e30, 1).replacing(loss, 0, 1);
            huge.vector().add(3, 1);
            huge.vector().add(4, Float.MAX_VALUE);
            huge.vector().add(4, Float.MAX_VALUE);
            assertThatThrownBy(() -> learner.learn(huge, learner.predict(huge)))
                    .isInstanceOfSatisfying(
                            DivergedException.class, e -> assertThat(e.offset()).isEqualTo(77))
                    .hasMessageStartingWith("example at offset 77, updated parameters: NaN");
            assertThatThrownBy(() -> learner.correct(huge, SILENT)).isInstanceOf(DivergedException.class);
            assertThatThrownBy(() -> learner.learn(huge, Double.NaN)).isInstanceOf(DivergedException.class);
            assertThat(learner.table().digest()).isEqualTo(before);
        }
    }

    @Test
    void aCorrectionOfWhatWasNeverLearnedIsNoDivision() {
        try (FtrlLearner learner = new FtrlLearner(Loss.LOGISTIC, layout(), new FtrlSettings(0.1, 0, 0, 0))) {
            Instance right = labelled(1, 0);
            learner.correct(right, SILENT);
            assertThat(learner.table().weight(1, 0)).isFinite();
        }
    }

    @Test
    void refusesSettingsOutsideOfTheirRange() {
        assertThatThrownBy(() -> new FtrlSettings(0, 1, 0, 0))
                .hasMessage("model.alpha: 0.0 (expected: a number above 0)");
        assertThatThrownBy(() -> new FtrlSettings(0.1, Double.NaN, 0, 0)).hasMessageStartingWith("model.beta: NaN");
        assertThatThrownBy(() -> new FtrlSettings(0.1, 1, -1, 0)).hasMessageStartingWith("model.l1: -1.0");
    }

    private static Layout layout() {
        DenseSpan none = new DenseSpan(0, 0, 0, 0, 1, 4);
        return new Layout(List.of("w", "z", "n", "root_n"), 1, List.of(), none, 0, PARAMETERS);
    }

    private static Instance labelled(double reward, double replaced) {
        Instance instance =
                new Instance().at(0, 0).rewarded(Loss.LOGISTIC, reward, 1).replacing(Loss.LOGISTIC, replaced, 1);
        instance.vector().add(1, 1);
        instance.vector().add(2, -0.5f);
        return instance;
    }

    private static long digestOf(long seed) {
        Random random = new Random(seed);
        try (FtrlLearner learner = new FtrlLearner(Loss.LOGISTIC, layout(), PLAIN)) {
            for (int i = 0; i < 1000; i++) {
                Instance instance = random(random, Loss.LOGISTIC, i);
                learner.learn(instance, learner.predict(instance));
            }
            return learner.table().digest();
        }
    }

    private static Instance random(Random random, Loss loss, long offset) {
        Instance instance = new Instance()
                .at(offset, 0)
                .rewarded(
                        loss,
                        switch (loss) {
                            case LOGISTIC -> random.nextInt(2);
                            case SQUARED, ABSOLUTE -> random.nextGaussian();
                            case POISSON -> random.nextInt(4);
                        },
                        1 + random.nextInt(2));
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            instance.vector()
                    .add(random.nextInt(PARAMETERS), random.nextInt(3) == 0 ? 1 : (float) random.nextGaussian());
        }
        return instance;
    }

    private static Map<Integer, Double> summed(Instance instance) {
        Map<Integer, Double> x = new HashMap<>();
        for (int i = 0; i < instance.vector().size(); i++) {
            x.merge(instance.vector().index(i), (double) instance.vector().value(i), Double::sum);
        }
        return x;
    }

    private static double loss(Loss loss, double margin, Instance instance) {
        return instance.importance()
                * switch (loss) {
                    case LOGISTIC -> Math.log1p(Math.exp(instance.label() > 0 ? -margin : margin));
                    case SQUARED -> (margin - instance.label()) * (margin - instance.label()) / 2;
                    case ABSOLUTE -> Math.abs(margin - instance.label());
                    case POISSON -> Math.exp(margin) - instance.label() * margin;
                };
    }
}
