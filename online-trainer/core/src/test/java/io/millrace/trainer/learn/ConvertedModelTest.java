package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.change.Effect;
import io.millrace.features.change.SpecDiff;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Example;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingValues;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link SpecDiff} says of changes, held against the learners. */
class ConvertedModelTest {
    private static final int EXAMPLES = 1200;
    private static final int VECTORS = 300;
    private static final long NOW_MICROS = 1_700_000_000_000_000L;
    private static final String MOVIES = """
            pipeline: movies
            decision:
              subject: user
              context: {hour: categorical, temperature: numeric}
              candidate: {item: categorical, genres: categorical_set, age: numeric, taste: embedding}
            feedback: {reward: {click: 1.0}}
            crosses: [[user, genres], [hour, genres]]
            bins: {}
            model: {bits: 12, seed: 7, learner: MODEL}
            """;

    private record Change(PipelineSpec before, PipelineSpec after, SpecDiff diff) {
        static Change of(String model, String find, String replacement) {
            String text = MOVIES.replace("MODEL", model);
            assertThat(text).contains(find);
            PipelineSpec before = SpecReader.read(text, "before");
            String changed = text.replace(find, replacement == null ? "" : replacement);
            if (changed.contains("binned")) {
                changed = changed.replace("binned", "numeric").replace("bins: {}", "bins: {wind: quantiles}");
            }
            PipelineSpec after = SpecReader.read(changed, "after");
            return new Change(before, after, SpecDiff.of(before, after));
        }

        TestingValues values(Random random) {
            TestingValues values = new TestingValues(before.featureSet(), random);
            for (Feature feature : before.featureSet().features()) {
                if (after.featureSet().indexOf(feature.name()) < 0) {
                    values = values.without(feature.name());
                }
            }
            return values;
        }
    }

    /** Learned by a spec. */
    private static ShardLearner learned(PipelineSpec spec) {
        Random random = new Random(11);
        ShardLearner shard = new ShardLearner(spec, "old", 0);
        for (int at = 0; at < EXAMPLES; at++) {
            assertThat(shard.learn(at, example(new TestingValues(spec.featureSet(), random), spec, random, at, 1)))
                    .isEmpty();
        }
        return shard;
    }

    private static Example example(TestingValues values, PipelineSpec spec, Random random, int at, double weight) {
        FeatureVector vector = values.vector(spec.featureSet());
        long hash = vector.isPresent(0) ? vector.hash(vector.from(0)) : 0;
        return TestingExamples.of(vector)
                .setReward(random.nextInt(5) == 0 ? random.nextInt(2) : hash & 1)
                .setWeight(weight)
                .setDecisionTimeMicros(NOW_MICROS + 10_000_000L * at)
                .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ftrl                     | hour: categorical | hour: categorical, day: categorical
            ftrl                     | age: numeric      | age: numeric, price: numeric
            ftrl, ids: {table: exact} | hour: categorical | day: sequence, hour: categorical
            ftrl                     | hour: categorical, temperature | temperature: numeric, hour: categorical, wind
            normalized               | age: numeric      | age: numeric, price: numeric
            coin                     | age: numeric      | price: embedding, age: numeric
            coin, ids: {table: exact} | age: numeric     | price: weighted_set, age: numeric
            fm                       | item: categorical | tags: sequence, item: categorical
            fm, ids: {table: exact}  | item: categorical | tags: sequence, item: categorical
            auto                     | hour: categorical | day: categorical, hour: categorical
            auto, ids: {table: exact} | hour: categorical | day: categorical, hour: categorical
            normalized, ids: {table: exact} | [hour, genres] | [hour, genres], [user, hour, item]
            auto, ids: {table: exact} | [hour, genres]   | [hour, genres], [user, hour, item]
            deep, ids: {table: exact} | [hour, genres]   | [hour, genres], [user, hour, item]
            ftrl                     | , temperature: numeric | ``
            coin                     | , taste: embedding | ``
            auto                     | , taste: embedding | ``
            fm                       | , taste: embedding | ``
            ftrl                     | {click: 1.0}      | {click: 2.0}
            ftrl                     | pipeline: movies  | pipeline: films
            normalized               | learner: normalized | learner: normalized, rate: 1
            fm                       | learner: fm       | learner: fm, factor_alpha: 0.1, factor_l2: 0
            deep                     | learner: deep     | learner: deep, tower_alpha: 0.01, factor_alpha: 0.1, batch: 5
            auto                     | learner: auto     | learner: auto, drift: ignore
            ftrl, ids: {table: exact, admit: 4} | admit: 4 | admit: 2
            auto, ids: {table: exact, forget: 20m} | forget: 20m | forget: 0s
            ftrl, ids: {table: exact} | exact            | exact, rows: 8388608
            ftrl, ids: {table: exact} | bits: 12         | bits: 20
            """)
    void whatContinuesPredictsWhatTheOldModelDoes(String model, String find, String replacement) {
        Change change = Change.of(model, find, replacement);
        boolean reordered = replacement != null && replacement.startsWith("temperature");
        assertThat(change.diff().effect()).as(change.diff().toString()).isEqualTo(Effect.CONTINUES);
        try (ShardLearner old = learned(change.before());
                ShardLearner started = new ShardLearner(change.after(), "new", 0)) {
            SnapshotHeader header = old.header();
            List<RowBlock> blocks = old.copyBlocks();
            ConvertedModel same = ConvertedModel.of(change.diff(), header, blocks);
            assertThat(same.blocks()).isEqualTo(blocks);
            assertThat(same.header().getDigest()).isEqualTo(header.getDigest());
            assertThat(same.header().getSpec()).isEqualTo(Lineage.canonicalSpec(change.after()));
            started.start(header, blocks);
            assertPredictsTheSame(change, old, started, reordered);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            auto                     | age: numeric      | age: numeric, price: numeric
            auto                     | hour: categorical | wind: numeric, hour: categorical
            auto, ids: {table: exact} | age: numeric     | price: numeric, age: numeric
            auto, ids: {table: exact, forget: 1h} | hour: categorical | wind: numeric, hour: categorical
            auto                     | , temperature: numeric | ``
            auto, ids: {table: exact} | , age: numeric   | ``
            ftrl                     | hour: categorical | wind: binned, hour: categorical
            fm, ids: {table: exact}  | hour: categorical | wind: binned, hour: categorical
            coin                     | hour: categorical | wind: binned, hour: categorical
            normalized               | hour: categorical | wind: binned, hour: categorical
            auto                     | hour: categorical, temperature: numeric | temperature: numeric, wind: numeric, hour: categorical
            ftrl                     | learner: ftrl     | learner: ftrl, alpha: 0.5
            ftrl, ids: {table: exact} | learner: ftrl    | learner: ftrl, alpha: 0.02, beta: 3
            ftrl, l1: 0.5            | l1: 0.5           | l1: 0.1, l2: 1
            ftrl, l1: 0.5            | l1: 0.5           | l1: 2
            fm                       | learner: fm       | learner: fm, alpha: 0.5, l1: 0.01
            deep                     | learner: deep     | learner: deep, alpha: 0.5
            coin, ids: {table: exact, forget: 1d} | forget: 1d | forget: 30d
            """)
    void whatIsConvertedPredictsWhatTheOldModelDoes(String model, String find, String replacement) {
        Change change = Change.of(model, find, replacement);
        boolean reordered = replacement != null && replacement.startsWith("temperature");
        assertThat(change.diff().effect()).as(change.diff().toString()).isEqualTo(Effect.CONVERTS);
        try (ShardLearner old = learned(change.before());
                ShardLearner started = new ShardLearner(change.after(), "new", 0)) {
            ConvertedModel converted = ConvertedModel.of(change.diff(), old.header(), old.copyBlocks());
            started.start(converted.header(), converted.blocks());
            assertThat(started.digest()).isNotEqualTo(old.digest());
            assertPredictsTheSame(change, old, started, reordered);
        }
    }

    private static void assertPredictsTheSame(
            Change change, ShardLearner old, ShardLearner started, boolean reordered) {
        Random random = new Random(12);
        List<Double> expected = new ArrayList<>();
        List<Double> told = new ArrayList<>();
        for (int i = 0; i < VECTORS; i++) {
            TestingValues values = change.values(random);
            expected.add(old.predict(values.vector(change.before().featureSet())));
            told.add(started.predict(values.vector(change.after().featureSet())));
        }
        assertThat(expected.stream().distinct().count()).isGreaterThan(VECTORS / 2);
        if (reordered) {
            for (int i = 0; i < VECTORS; i++) {
                assertThat(told.get(i)).isCloseTo(expected.get(i), within(1e-9));
            }
        } else {
            assertThat(told).isEqualTo(expected);
        }
        for (int at = 0; at < 100; at++) {
            TestingValues values = new TestingValues(change.after().featureSet(), random);
            assertThat(started.learn(at, example(values, change.after(), random, EXAMPLES + at, 1)))
                    .isEmpty();
        }
    }

    /** Its layout refuses it, or it says something else. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            deep                     | hour: categorical | hour: categorical, day: categorical
            deep                     | , taste: embedding | ``
            deep                     | hour: categorical, temperature: numeric | temperature: numeric, hour: categorical
            ftrl                     | [user, genres]    | [genres, user]
            ftrl                     | bins: {}          | bins: {age: 2}
            ftrl                     | bins: {}          | bins: {age: quantiles}
            auto                     | bins: {}          | bins: {age: 2}
            auto                     | bins: {}          | bins: {age: quantiles(8)}
            ftrl                     | learner: ftrl     | learner: normalized
            ftrl                     | learner: ftrl     | learner: fm
            normalized               | learner: normalized | learner: coin
            ftrl                     | learner: ftrl     | learner: ftrl, loss: squared
            auto                     | learner: auto     | learner: auto, loss: poisson
            ftrl                     | bits: 12          | bits: 13
            ftrl                     | seed: 7           | seed: 8
            ftrl, ids: {table: exact} | seed: 7          | seed: 8
            ftrl                     | learner: ftrl     | learner: ftrl, offset: temperature
            ftrl                     | learner: ftrl     | learner: ftrl, ids: {table: exact}
            ftrl, ids: {table: exact} | {table: exact}   | {table: hashed}
            fm                       | learner: fm       | learner: fm, factors: 4
            deep                     | learner: deep     | learner: deep, layers: 1
            deep                     | learner: deep     | learner: deep, width: 32
            ftrl, ids: {table: exact, admit: 2} | admit: 2 | admit: 4
            ftrl, ids: {table: exact, rows: 2048} | rows: 2048 | rows: 8192
            ftrl, ids: {table: exact, rows: 8192} | rows: 8192 | rows: 1024
            """)
    void whatHasToBeLearnedAgainWouldNotDo(String model, String find, String replacement) {
        Change change = Change.of(model, find, replacement);
        assertThat(change.diff().effect()).as(change.diff().toString()).isEqualTo(Effect.RELEARNS);
        try (ShardLearner old = learned(change.before());
                ShardLearner started = new ShardLearner(change.after(), "new", 0)) {
            SnapshotHeader header = old.header();
            List<RowBlock> blocks = old.copyBlocks();
            assertThatThrownBy(() -> ConvertedModel.of(change.diff(), header, blocks))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            change.diff().of(Effect.RELEARNS).get(0).path() + ": ");
            try {
                started.start(header, blocks);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageMatching("(columns|rows): .* \\(expected: .*\\)");
                return;
            }
            Random random = new Random(12);
            double farthest = 0;
            for (int i = 0; i < VECTORS; i++) {
                TestingValues values = change.values(random);
                farthest = Math.max(
                        farthest,
                        Math.abs(old.predict(values.vector(change.before().featureSet()))
                                - started.predict(values.vector(change.after().featureSet()))));
            }
            assertThat(farthest).isGreaterThan(0.01);
        }
    }

    /** The first steps move predictions next to nothing; without the conversion, far. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ftrl                     | learner: ftrl     | learner: ftrl, alpha: 0.5
            ftrl                     | learner: ftrl     | learner: ftrl, alpha: 0.02
            ftrl                     | learner: ftrl     | learner: ftrl, beta: 20
            ftrl                     | learner: ftrl     | learner: ftrl, l2: 20
            ftrl, l1: 1              | l1: 1             | l1: 0
            ftrl, ids: {table: exact} | learner: ftrl    | learner: ftrl, alpha: 0.5
            fm                       | learner: fm       | learner: fm, alpha: 0.5
            ftrl, ids: {table: exact, forget: 1d} | forget: 1d | forget: 6h
            """)
    void whatIsConvertedGoesOnFromThere(String model, String find, String replacement) {
        Change change = Change.of(model, find, replacement);
        assertThat(change.diff().effect()).isEqualTo(Effect.CONVERTS);
        try (ShardLearner old = learned(change.before());
                ShardLearner converted = new ShardLearner(change.after(), "new", 0);
                ShardLearner raw = new ShardLearner(change.after(), "new", 0)) {
            ConvertedModel model0 = ConvertedModel.of(change.diff(), old.header(), old.copyBlocks());
            converted.start(model0.header(), model0.blocks());
            raw.start(old.header(), old.copyBlocks());
            assertThat(farthestAfterTinySteps(change, old, converted)).isLessThan(0.002);
            assertThat(farthestAfterTinySteps(change, old, raw))
                    .as("without conversion")
                    .isGreaterThan(0.02);
        }
    }

    @Test
    void whatACoinStakesIsInTheUnitsOfItsWealth() {
        Change change = Change.of("coin", "learner: coin", "learner: coin, wealth: 1");
        assertThat(change.diff().effect()).isEqualTo(Effect.RELEARNS);
        try (ShardLearner old = learned(change.before());
                ShardLearner raw = new ShardLearner(change.after(), "new", 0)) {
            raw.start(old.header(), old.copyBlocks());
            assertThat(farthestAfterTinySteps(change, old, raw)).isGreaterThan(0.02);
        }
    }

    /** How far predictions are from the old model's once every row was touched by examples that weigh next to nothing. */
    private static double farthestAfterTinySteps(Change change, ShardLearner old, ShardLearner started) {
        Random random = new Random(13);
        List<TestingValues> all = new ArrayList<>();
        for (int at = 0; at < VECTORS; at++) {
            TestingValues values = change.values(random);
            all.add(values);
            started.learn(at, example(values, change.after(), random, EXAMPLES + at, 1e-9));
        }
        double farthest = 0;
        for (TestingValues values : all) {
            farthest = Math.max(
                    farthest,
                    Math.abs(old.predict(values.vector(change.before().featureSet()))
                            - started.predict(values.vector(change.after().featureSet()))));
        }
        return farthest;
    }

    @Test
    void aModelOfAnotherSpecIsRefused() {
        Change change = Change.of("ftrl", "age: numeric", "age: numeric, price: numeric");
        Change another = Change.of("ftrl, alpha: 0.3", "age: numeric", "age: numeric, price: numeric");
        try (ShardLearner shard = new ShardLearner(another.before(), "l", 0)) {
            SnapshotHeader header = shard.header();
            assertThatThrownBy(() -> ConvertedModel.of(change.diff(), header, List.of()))
                    .hasMessage("model: learned by another spec (expected: one that was learned by the old spec)");
        }
    }
}
