package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.score.Layout;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FactorLearnerTest {
    private static final int FACTORS = 3;

    @ParameterizedTest
    @CsvSource({
        "LOGISTIC,0,0,0,1",
        "LOGISTIC,0.3,0.2,0.01,2",
        "SQUARED,0,0,0,3",
        "SQUARED,0.2,0.1,0.001,4",
        "POISSON,0,0,0.001,5"
    })
    void learnsWhatThePaperSays(Loss loss, double l1, double l2, double factorL2, long seed) {
        PipelineSpec spec = spec(loss, l1, l2, factorL2);
        Layout layout = Layout.of(spec);
        NaiveFactors oracle = oracle(spec);
        RandomInstances instances = new RandomInstances(seed, loss, layout, features(spec));
        Random random = new Random(seed);
        double[] told = new double[1];
        try (FactorLearner learner = new FactorLearner(spec, layout)) {
            for (int i = 0; i < 1500; i++) {
                Instance instance = instances.next();
                boolean correction = random.nextInt(10) == 0;
                double expected = oracle.predict(instance);
                oracle.learn(List.of(instance), correction ? Set.of(instance) : Set.of(), correction);
                if (correction) {
                    learner.correct(instance, (at, p, label, importance) -> told[0] = Double.NaN);
                } else {
                    learner.learn(instance, (at, p, label, importance) -> told[0] = p);
                    assertThat(told[0])
                            .as("seed %s, example %s", seed, i)
                            .isCloseTo(expected, within(1e-3 * (1 + Math.abs(expected))));
                }
            }
            for (int i = 0; i < RandomInstances.ROWS; i++) {
                int row = layout.firstFeature() + i;
                expect(seed, learner, row, 0, NaiveModel.get(oracle.parameters, "w" + row));
                for (int f = 0; f < FACTORS; f++) {
                    expect(seed, learner, row, 1 + f, NaiveModel.get(oracle.parameters, "v" + row + "," + f));
                }
            }
        }
    }

    private static void expect(long seed, FactorLearner learner, int row, int column, double expected) {
        assertThat((double) learner.table().get(row, column))
                .as("seed %s, row %s, column %s", seed, row, column)
                .isCloseTo(expected, within(2e-3));
    }

    /** From sums of squares of 0, what they are after one step is the squared gradient; its sign, the oracle's way shows. */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void gradientIsTheLosssDerivative(Loss loss) {
        PipelineSpec spec = spec(loss, 0, 0, 0);
        Layout layout = Layout.of(spec);
        RandomInstances instances = new RandomInstances(9, loss, layout, features(spec));
        Random random = new Random(9);
        for (int i = 0; i < 100; i++) {
            try (FactorLearner learner = new FactorLearner(spec, layout)) {
                NaiveFactors oracle = oracle(spec);
                oracle.fill(learner.table(), layout, random);
                Instance instance = instances.next();
                learner.learn(instance, (at, p, label, importance) -> {});
                oracle.gradient(List.of(instance), Set.of()).forEach((name, slope) -> {
                    int squares = name.startsWith("w") ? 2 + FACTORS : 4 + FACTORS;
                    assertThat(Math.sqrt(oracle.read(learner.table(), name, squares)))
                            .as(name)
                            .isCloseTo(Math.abs(slope), within(1e-4 + 1e-4 * Math.abs(slope)));
                });
            }
        }
    }

    @Test
    void whatWasNeverLearnedAddsNothingAndThenBeginsSmall() {
        PipelineSpec spec = spec(Loss.SQUARED, 0, 0, 0);
        Layout layout = Layout.of(spec);
        Instance instance = new Instance().at(0, 0).rewarded(Loss.SQUARED, 1, 1);
        instance.vector().add(1, layout.firstFeature() + 1, 1, 0);
        instance.vector().add(2, layout.firstFeature() + 2, 1, 1);
        instance.vector().add(3, layout.firstFeature() + 3, 1, features(spec));
        try (FactorLearner learner = new FactorLearner(spec, layout);
                FactorLearner other = new FactorLearner(spec, layout)) {
            learner.learn(instance, (at, p, label, importance) -> assertThat(p).isZero());
            other.learn(instance, (at, p, label, importance) -> {});
            assertThat(learner.table().get(layout.firstFeature() + 1, 1))
                    .isNotZero()
                    .isBetween(-0.1f, 0.1f)
                    .isNotEqualTo(learner.table().get(layout.firstFeature() + 2, 1));
            assertThat(learner.table().get(layout.firstFeature() + 3, 1)).isZero();
            assertThat(learner.table().digest()).isEqualTo(other.table().digest());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Loss.class, mode = EnumSource.Mode.EXCLUDE, names = "ABSOLUTE")
    void aNumberThatIsNotFiniteNamesTheExampleAndChangesNothing(Loss loss) {
        PipelineSpec spec = spec(loss, 0, 0, 0);
        Layout layout = Layout.of(spec);
        RandomInstances instances = new RandomInstances(3, loss, layout, features(spec));
        try (FactorLearner learner = new FactorLearner(spec, layout)) {
            for (int i = 0; i < 50; i++) {
                learner.learn(instances.next(), (at, p, label, importance) -> {});
            }
            long before = learner.table().digest();
            Instance huge = instances.next().at(77, 0).rewarded(loss, 1e30, 1).replacing(loss, 0, 1);
            huge.vector().add(3, layout.firstFeature() + 3, Float.MAX_VALUE, 0);
            assertThatThrownBy(() -> learner.learn(huge, (at, p, label, importance) -> {}))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageStartingWith("example at offset 77, ");
            assertThatThrownBy(() -> learner.correct(huge, (at, p, label, importance) -> {}))
                    .isInstanceOf(DivergedException.class);
            assertThat(learner.table().digest()).isEqualTo(before);
        }
    }

    private static NaiveFactors oracle(PipelineSpec spec) {
        return new NaiveFactors(
                spec.model().loss(),
                features(spec),
                FtrlSettings.of(spec.model()),
                FactorSettings.of(spec.model()),
                spec.model().seed(),
                (parameters, x) -> NaiveModel.factorised(parameters, x, FACTORS, features(spec)));
    }

    private static int features(PipelineSpec spec) {
        return spec.featureSet().size();
    }

    private static PipelineSpec spec(Loss loss, double l1, double l2, double factorL2) {
        return TestingSpecs.movies("{learner: fm, loss: " + loss.text() + ", bits: 8, seed: 7, l1: " + l1 + ", l2: "
                + l2 + ", factors: " + FACTORS + ", factor_alpha: 0.1, factor_l2: " + factorL2 + "}");
    }
}
