package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.score.AutoMix;
import io.millrace.trainer.score.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutoLearnerTest {
    private static final PredictionSink NOBODY = (at, prediction, label, importance) -> {};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void membersLearnWhatTheFormulasSay(long seed) {
        PipelineSpec spec = spec(Loss.LOGISTIC, "ignore");
        int first = Layout.of(spec).firstFeature();
        List<NaiveAutoMember> members = new ArrayList<>();
        AutoMember.ALL.forEach(settings -> members.add(new NaiveAutoMember(settings)));
        Random random = new Random(seed);
        try (Learner learner = Learner.of(spec)) {
            for (int i = 0; i < 3000; i++) {
                Instance instance = random(random, Loss.LOGISTIC, i, first);
                Map<Integer, Double> x = new HashMap<>();
                for (int e = 0; e < instance.vector().size(); e++) {
                    x.put(instance.vector().index(e), (double) instance.vector().value(e));
                }
                for (NaiveAutoMember member : members) {
                    double margin = Math.max(-15, Math.min(15, member.margin(x)));
                    double p = 1 / (1 + Math.exp(-margin));
                    double c = instance.importance();
                    member.learn(x, c * (instance.label() - p), c * Math.max(1e-3, p * (1 - p)));
                }
                learner.learn(instance, NOBODY);
            }
            for (int row = first; row < first + 40; row++) {
                for (int k = 0; k < AutoMix.MEMBERS; k++) {
                    assertThat((double) learner.table().get(row, 1 + k))
                            .as("seed %s, weight %s of member %s", seed, row, k)
                            .isCloseTo(members.get(k).weight(row), within(2e-3));
                    assertThat((double) learner.table().get(row, 9 + k))
                            .as("seed %s, variance %s of member %s", seed, row, k)
                            .isCloseTo(members.get(k).variance(row), within(1e-3));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void goesOnFromItsTableBitByBit(Loss loss) {
        PipelineSpec spec = spec(loss, "react");
        int first = Layout.of(spec).firstFeature();
        Random random = new Random(11);
        try (Learner learner = Learner.of(spec);
                Learner copy = Learner.of(spec)) {
            for (int i = 0; i < 700; i++) {
                learner.learn(random(random, loss, i, first), NOBODY);
            }
            learner.flush();
            float[] rows = new float[256 * 16];
            learner.table().copyBlocks().forEach(block -> {
                block.unpack(rows, 16);
                copy.table().restore(block.number(), rows);
            });
            copy.reload();
            for (int i = 0; i < 300; i++) {
                Instance instance = random(random, loss, i, first);
                assertThat(copy.predict(instance)).isEqualTo(learner.predict(instance));
                learner.learn(instance, NOBODY);
                copy.learn(instance, NOBODY);
            }
            learner.flush();
            copy.flush();
            assertThat(copy.table().digest()).isEqualTo(learner.table().digest());
        }
    }

    /** What no unit of measurement should change. */
    @ParameterizedTest
    @ValueSource(floats = {1e-6f, 1e6f})
    void unitsDoNotMatter(float unit) {
        PipelineSpec spec = spec(Loss.SQUARED, "ignore");
        int first = Layout.of(spec).firstFeature();
        try (Learner one = Learner.of(spec);
                Learner other = Learner.of(spec)) {
            Random random = new Random(5);
            for (int i = 0; i < 1000; i++) {
                float a = (float) random.nextGaussian();
                float b = (float) random.nextGaussian();
                Instance plain = new Instance().at(i, i).rewarded(Loss.SQUARED, 3 * a - b, 1);
                Instance scaled = new Instance().at(i, i).rewarded(Loss.SQUARED, (3 * a - b) * 1000, 1);
                plain.vector().add(first, a);
                plain.vector().add(first + 1, b);
                scaled.vector().add(first, a * unit);
                scaled.vector().add(first + 1, b);
                assertThat(other.predict(scaled) / 1000).isCloseTo(one.predict(plain), within(2e-3));
                one.learn(plain, NOBODY);
                other.learn(scaled, NOBODY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void findsWhatTheLossAsksFor(Loss loss) {
        PipelineSpec spec = spec(loss, "ignore");
        int first = Layout.of(spec).firstFeature();
        Random random = new Random(7);
        try (Learner learner = Learner.of(spec)) {
            Instance instance = new Instance();
            instance.vector().add(first, 1);
            for (int i = 0; i < 20_000; i++) {
                double draw = random.nextDouble();
                double label = loss == Loss.LOGISTIC ? (draw < 0.3 ? 1 : 0) : draw < 0.6 ? 2 : draw < 0.9 ? 5 : 30;
                learner.learn(instance.at(i, i).rewarded(loss, label, 1), NOBODY);
            }
            double mean = 0.6 * 2 + 0.3 * 5 + 0.1 * 30;
            switch (loss) {
                case LOGISTIC -> assertThat(learner.predict(instance)).isCloseTo(0.3, within(0.03));
                case SQUARED, POISSON -> assertThat(learner.predict(instance)).isCloseTo(mean, within(0.6));
                case ABSOLUTE -> assertThat(learner.predict(instance)).isCloseTo(2, within(1.2));
            }
        }
    }

    @Test
    void noImportanceCarriesAMarginPastItsLabel() {
        PipelineSpec spec = spec(Loss.SQUARED, "ignore");
        int first = Layout.of(spec).firstFeature();
        try (Learner learner = Learner.of(spec)) {
            Random random = new Random(3);
            for (int i = 0; i < 100; i++) {
                Instance instance = new Instance().at(i, i).rewarded(Loss.SQUARED, random.nextGaussian(), 1);
                instance.vector().add(first, 1);
                learner.learn(instance, NOBODY);
            }
            Instance heavy = new Instance().at(100, 100).rewarded(Loss.SQUARED, 2, 1e6);
            heavy.vector().add(first, 1);
            double before = learner.predict(heavy);
            learner.learn(heavy, NOBODY);
            assertThat(learner.predict(heavy)).isBetween(before, 2.6);
        }
    }

    @Test
    void reactsWhenTheConceptFlips() {
        double[] wrong = new double[2];
        for (int reacting = 0; reacting < 2; reacting++) {
            PipelineSpec spec = spec(Loss.LOGISTIC, reacting == 1 ? "react" : "ignore");
            int first = Layout.of(spec).firstFeature();
            Random random = new Random(9);
            try (Learner learner = Learner.of(spec)) {
                for (int i = 0; i < 24_000; i++) {
                    int a = random.nextInt(30);
                    boolean label = (a % 2 == 0 ^ i >= 20_000) ^ random.nextInt(10) == 0;
                    Instance instance = new Instance().at(i, i).rewarded(Loss.LOGISTIC, label ? 1 : 0, 1);
                    instance.vector().add(first + a, 1);
                    instance.vector().add(first + 100, 1);
                    if (i >= 20_000 && (learner.predict(instance) > 0.5) != label) {
                        wrong[reacting]++;
                    }
                    learner.learn(instance, NOBODY);
                }
                assertThat(learner.figures().get("drift reactions")).isEqualTo(reacting);
            }
        }
        assertThat(wrong[1]).isLessThan(wrong[0]);
    }

    @Test
    void aRowThatOccursTwiceIsLearnedTwiceAndNotLost() {
        PipelineSpec spec = spec(Loss.LOGISTIC, "ignore");
        int first = Layout.of(spec).firstFeature();
        try (Learner learner = Learner.of(spec)) {
            Instance twice = new Instance().at(0, 0).rewarded(Loss.LOGISTIC, 1, 1);
            twice.vector().add(first, 3);
            twice.vector().add(first, 1);
            learner.learn(twice, NOBODY);
            assertThat(learner.table().get(first, 0)).isEqualTo(3f);
            Instance once = new Instance().at(1, 1).rewarded(Loss.LOGISTIC, 1, 1);
            once.vector().add(first, 3);
            assertThat(learner.predict(once)).isGreaterThan(0.55);
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aCorrectionRightAfterARestartIsThatOfOneThatRanOn(Loss loss) {
        PipelineSpec spec = spec(loss, "ignore");
        int first = Layout.of(spec).firstFeature();
        Random random = new Random(6);
        try (Learner ran = Learner.of(spec);
                Learner restarted = Learner.of(spec)) {
            Instance last = new Instance();
            for (int i = 0; i < 100; i++) {
                last = random(random, loss, i, first);
                ran.learn(last, NOBODY);
            }
            ran.flush();
            for (int row = 0; row < ran.table().rows(); row++) {
                for (int column = 0; column < ran.table().columns(); column++) {
                    restarted.table().put(row, column, ran.table().get(row, column));
                }
            }
            restarted.reload();
            last.replacing(loss, 3, 1).rewarded(loss, 1, 1);
            ran.correct(last, NOBODY);
            restarted.correct(last, NOBODY);
            ran.flush();
            restarted.flush();
            assertThat(restarted.table().digest()).isEqualTo(ran.table().digest());
        }
    }

    /** Of what wrong labels changed in predictions, what is left when they are corrected so many examples later. */
    @ParameterizedTest
    @CsvSource({"LOGISTIC, 0, 0.05", "LOGISTIC, 10, 0.1", "LOGISTIC, 100, 0.6", "SQUARED, 0, 0.2", "POISSON, 0, 0.3"})
    void aCorrectionTakesMostOfAWrongLabelBack(Loss loss, int later, double tolerance) {
        PipelineSpec spec = spec(loss, "ignore");
        int first = Layout.of(spec).firstFeature();
        double wrongBy = 0;
        double left = 0;
        for (int round = 0; round < 50; round++) {
            try (Learner corrected = Learner.of(spec);
                    Learner undisturbed = Learner.of(spec)) {
                Random random = new Random(round);
                for (int i = 0; i < 500; i++) {
                    Instance instance = random(random, loss, i, first);
                    corrected.learn(instance, NOBODY);
                    undisturbed.learn(instance, NOBODY);
                }
                Instance example = random(random, loss, 500, first).rewarded(loss, 0, 1);
                corrected.learn(example, NOBODY);
                example.rewarded(loss, 1, 1);
                undisturbed.learn(example, NOBODY);
                for (int i = 0; i < later; i++) {
                    Instance instance = random(random, loss, 501 + i, first);
                    corrected.learn(instance, NOBODY);
                    undisturbed.learn(instance, NOBODY);
                }
                wrongBy += Math.abs(corrected.predict(example) - undisturbed.predict(example));
                example.replacing(loss, 0, 1);
                corrected.correct(example, NOBODY);
                left += Math.abs(corrected.predict(example) - undisturbed.predict(example));
            }
        }
        assertThat(left).isLessThan(tolerance * wrongBy);
    }

    @Test
    void whatCannotBeLearnedChangesNothing() {
        PipelineSpec spec = spec(Loss.SQUARED, "ignore");
        int first = Layout.of(spec).firstFeature();
        try (Learner learner = Learner.of(spec)) {
            Random random = new Random(2);
            for (int i = 0; i < 50; i++) {
                learner.learn(random(random, Loss.SQUARED, i, first), NOBODY);
            }
            learner.flush();
            long before = learner.table().digest();
            Instance absurd = random(random, Loss.SQUARED, 77, first).rewarded(Loss.SQUARED, 1e300, 1);
            assertThatThrownBy(() -> learner.learn(absurd, NOBODY))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageStartingWith("example at offset 77, gradient: ");
            learner.flush();
            assertThat(learner.table().digest()).isEqualTo(before);
        }
    }

    private static PipelineSpec spec(Loss loss, String drift) {
        return TestingSpecs.movies("{learner: auto, loss: " + loss.text() + ", bits: 12, drift: " + drift + "}");
    }

    private static Instance random(Random random, Loss loss, long offset, int first) {
        Instance instance = new Instance()
                .at(offset, offset)
                .rewarded(
                        loss,
                        switch (loss) {
                            case LOGISTIC -> random.nextInt(2);
                            case SQUARED, ABSOLUTE -> random.nextGaussian();
                            case POISSON -> random.nextInt(4);
                        },
                        1 + random.nextInt(2));
        int start = random.nextInt(40);
        for (int i = random.nextInt(6); i >= 0; i--) {
            instance.vector()
                    .add(first + (start + 7 * i) % 40, random.nextInt(3) == 0 ? 1 : (float) random.nextGaussian());
        }
        return instance;
    }

    /** Of uniform counts around a mean, the best constant's deviance is about half of their variance over the mean. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void countsOfAnySizeAreLearnedFromTheBeginning(int unit) {
        PipelineSpec spec = spec(Loss.POISSON, "ignore");
        int first = Layout.of(spec).firstFeature();
        double[] means = {2 * unit, 5 * unit, 9 * unit};
        Random random = new Random(13);
        Progress progress = new Progress(Loss.POISSON);
        Progress known = new Progress(Loss.POISSON);
        try (Learner learner = Learner.of(spec)) {
            for (int i = 0; i < 3000; i++) {
                int kind = random.nextInt(3);
                double count = Math.rint(means[kind] * (0.5 + random.nextDouble()));
                Instance instance = new Instance().at(i, i).rewarded(Loss.POISSON, count, 1);
                instance.vector().add(first + kind, 1);
                learner.learn(instance, (at, prediction, label, importance) -> {
                    if (at > 0) {
                        progress.add(prediction, label, importance);
                        known.add(means[kind], label, importance);
                    }
                });
            }
        }
        assertThat(progress.meanLoss()).isLessThan(1.15 * known.meanLoss());
    }
}
