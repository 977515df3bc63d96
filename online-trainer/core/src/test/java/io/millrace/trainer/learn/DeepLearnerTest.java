package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseSpan;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.TowerShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeepLearnerTest {
    private static final int FACTORS = 2;
    private static final int WIDTH = 4;
    private static final int BATCH = 6;
    private static final PredictionSink NOBODY = (at, prediction, label, importance) -> {};

    @ParameterizedTest
    @CsvSource({"LOGISTIC,2,1", "LOGISTIC,3,2", "SQUARED,1,3", "SQUARED,2,4", "POISSON,2,5"})
    void learnsWhatThePapersSay(Loss loss, int layers, long seed) {
        PipelineSpec spec = spec(loss, layers);
        Layout layout = Layout.of(spec);
        TowerShape shape = TowerShape.of(spec);
        NaiveFactors oracle = oracle(spec);
        NaiveAdam adam = new NaiveAdam(spec.model().setting("tower_alpha"));
        Map<String, Integer> dense = dense(shape);
        RandomInstances instances = new RandomInstances(seed, loss, layout, features(spec));
        Random random = new Random(seed);
        try (DeepLearner learner = new DeepLearner(spec, layout)) {
            fillDense(learner.table(), layout.dense(), shape, random, dense, oracle.parameters);
            learner.reload();
            for (int round = 0; round < 60; round++) {
                List<Instance> batch = new ArrayList<>();
                Set<Instance> corrections = new HashSet<>();
                List<Double> expected = new ArrayList<>();
                List<Double> told = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    Instance instance = instances.next();
                    batch.add(instance);
                    if (random.nextInt(10) == 0) {
                        corrections.add(instance);
                    } else {
                        expected.add(oracle.predict(instance));
                    }
                }
                Map<String, Double> gradient = NaiveModel.gradient(
                        oracle.parameters,
                        dense.keySet(),
                        moved -> oracle.objective(moved, batch, corrections) / BATCH);
                oracle.learn(batch, corrections, false);
                adam.step(oracle.parameters, gradient);
                for (Instance instance : batch) {
                    assertThat(told).isEmpty();
                    if (corrections.contains(instance)) {
                        learner.correct(instance, (at, p, label, importance) -> told.add(p));
                    } else {
                        learner.learn(instance, (at, p, label, importance) -> told.add(p));
                    }
                }
                assertThat(told).hasSameSizeAs(expected);
                for (int i = 0; i < told.size(); i++) {
                    assertThat(told.get(i))
                            .as("seed %s, batch %s", seed, round)
                            .isCloseTo(expected.get(i), within(5e-3 * (1 + Math.abs(expected.get(i)))));
                }
            }
        }
    }

    /**
     * From random parameters and an optimiser that has seen nothing: a weight's or factor's sum of squares is its squared
     * gradient, the first moment of a dense float a tenth of its mean gradient.
     */
    @ParameterizedTest
    @EnumSource(Loss.class)
    void gradientIsTheLosssDerivative(Loss loss) {
        for (int layers = 1; layers <= 3; layers++) {
            PipelineSpec spec = spec(loss, layers);
            Layout layout = Layout.of(spec);
            TowerShape shape = TowerShape.of(spec);
            RandomInstances instances = new RandomInstances(layers, loss, layout, features(spec));
            Random random = new Random(layers);
            NaiveFactors oracle = oracle(spec);
            List<Instance> batch = new ArrayList<>();
            try (DeepLearner learner = new DeepLearner(spec, layout)) {
                oracle.fill(learner.table(), layout, random);
                Map<String, Integer> dense = dense(shape);
                fillDense(learner.table(), layout.dense(), shape, random, dense, oracle.parameters);
                learner.reload();
                for (int i = 0; i < BATCH; i++) {
                    batch.add(instances.next());
                    learner.learn(batch.get(i), NOBODY);
                }
                oracle.gradient(batch, Set.of()).forEach((name, slope) -> {
                    int squares = name.startsWith("w") ? 2 + FACTORS : 4 + FACTORS;
                    expect(name, Math.sqrt(oracle.read(learner.table(), name, squares)), Math.abs(slope));
                });
                Map<String, Double> byDense = NaiveModel.gradient(
                        oracle.parameters, dense.keySet(), moved -> oracle.objective(moved, batch, Set.of()) / BATCH);
                double norm = Math.sqrt(
                        byDense.values().stream().mapToDouble(g -> g * g).sum());
                byDense.forEach((name, slope) -> {
                    DenseSpan span = layout.dense();
                    int place = dense.get(name);
                    double moment = learner.table().get(span.hiddenRow(place), span.hiddenColumn(place));
                    expect(name, moment * 10 / Math.min(1, 5 / norm), slope);
                });
            }
        }
    }

    private static void expect(String name, double learned, double slope) {
        assertThat(learned).as(name).isCloseTo(slope, within(2e-3 + 1e-3 * Math.abs(slope)));
    }

    /** Away from where the tower begins, with all units at their kink, at which there is no derivative. */
    private static void fillDense(
            ParameterTable table,
            DenseSpan span,
            TowerShape shape,
            Random random,
            Map<String, Integer> dense,
            Map<String, Double> parameters) {
        float[] initial = shape.initial(7);
        dense.forEach((name, place) -> {
            float change = (float) random.nextGaussian() / 5;
            table.put(span.row(place), span.column(place), change);
            parameters.put(name, (double) (initial[place] + change));
        });
    }

    @Test
    void aBatchIsTheNextSoManyOfTheLogAndChangesNothingUntilItIsFull() {
        PipelineSpec spec = spec(Loss.LOGISTIC, 1);
        Layout layout = Layout.of(spec);
        RandomInstances instances = new RandomInstances(1, Loss.LOGISTIC, layout, features(spec));
        List<Long> told = new ArrayList<>();
        try (DeepLearner learner = new DeepLearner(spec, layout)) {
            for (int i = 1; i <= 3 * BATCH; i++) {
                long before = learner.table().digest();
                learner.learn(instances.next(), (at, p, label, importance) -> told.add(at));
                assertThat(learner.pending()).isEqualTo(i % BATCH);
                assertThat(told).hasSize(i / BATCH * BATCH).isSorted();
                if (i % BATCH > 0) {
                    assertThat(learner.table().digest()).isEqualTo(before);
                } else {
                    assertThat(learner.table().digest()).isNotEqualTo(before);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Loss.class, mode = EnumSource.Mode.EXCLUDE, names = "ABSOLUTE")
    void aBatchWithANumberThatIsNotFiniteNamesTheExampleAndChangesNothing(Loss loss) {
        PipelineSpec spec = spec(loss, 2);
        Layout layout = Layout.of(spec);
        RandomInstances instances = new RandomInstances(3, loss, layout, features(spec));
        try (DeepLearner learner = new DeepLearner(spec, layout)) {
            for (int i = 0; i < 10 * BATCH; i++) {
                learner.learn(instances.next(), NOBODY);
            }
            long before = learner.table().digest();
            Instance huge = instances.next().rewarded(loss, 1e300, Double.MAX_VALUE);
            huge.vector().add(3, layout.firstFeature() + 3, Float.MAX_VALUE, 0);
            learner.learn(instances.next(), NOBODY);
            learner.learn(huge, NOBODY);
            for (int i = 2; i < BATCH - 1; i++) {
                learner.learn(instances.next(), NOBODY);
            }
            assertThatThrownBy(() -> learner.learn(
                            instances.next(),
                            (at, p, label, importance) -> assertThat(at).isNegative()))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageStartingWith("example at offset " + huge.offset() + ", ");
            assertThat(learner.table().digest()).isEqualTo(before);
            assertThat(learner.pending()).isZero();
            for (int i = 0; i < BATCH; i++) {
                learner.learn(instances.next(), NOBODY);
            }
            assertThat(learner.table().digest()).isNotEqualTo(before);
        }
    }

    @Test
    void learnsNoMoreOnceItIsClosed() {
        PipelineSpec spec = spec(Loss.LOGISTIC, 1);
        Layout layout = Layout.of(spec);
        RandomInstances instances = new RandomInstances(3, Loss.LOGISTIC, layout, features(spec));
        DeepLearner learner = new DeepLearner(spec, layout);
        learner.close();
        learner.close();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < BATCH; i++) {
                        learner.learn(instances.next(), NOBODY);
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith(": closed (expected: open)");
    }

    /** Where the tower's floats lie, by the names of {@link NaiveModel#deep}. */
    private static Map<String, Integer> dense(TowerShape shape) {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int unit = 0; unit < WIDTH; unit++) {
                for (int input = 0; input < shape.inputs(layer); input++) {
                    places.put(
                            "W" + layer + "," + unit + "," + input,
                            shape.weights(layer) + unit * shape.inputs(layer) + input);
                }
                places.put("b" + layer + "," + unit, shape.biases(layer) + unit);
            }
        }
        for (int unit = 0; unit < WIDTH; unit++) {
            places.put("out" + unit, shape.out() + unit);
        }
        assertThat(new HashMap<>(places).values()).doesNotHaveDuplicates().hasSize(shape.floats());
        return places;
    }

    private static NaiveFactors oracle(PipelineSpec spec) {
        int layers = TowerShape.of(spec).layers();
        return new NaiveFactors(
                spec.model().loss(),
                features(spec),
                FtrlSettings.of(spec.model()),
                FactorSettings.of(spec.model()),
                spec.model().seed(),
                (parameters, x) -> NaiveModel.deep(parameters, x, FACTORS, features(spec), layers, WIDTH));
    }

    private static int features(PipelineSpec spec) {
        return spec.featureSet().size();
    }

    private static PipelineSpec spec(Loss loss, int layers) {
        return TestingSpecs.movies("{learner: deep, loss: " + loss.text() + ", bits: 8, seed: 7, factors: " + FACTORS
                + ", factor_alpha: 0.1, factor_l2: 0, layers: " + layers + ", width: " + WIDTH + ", batch: " + BATCH
                + "}");
    }
}
