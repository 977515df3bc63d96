package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingValues;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A log in which the feature set changed, learned by the newest spec. */
class OlderExamplesTest {
    private static final int EXAMPLES = 1500;

    /** Three generations: columns of every kind come, one goes, one changes its place. */
    private static final List<String> DECISIONS = List.of("""
            {subject: user,
             context: {hour: categorical, temperature: numeric, phone: categorical},
             candidate: {item: categorical, genres: categorical_set, age: numeric, history: sequence}}""", """
            {subject: user,
             context: {hour: categorical, temperature: numeric, phone: categorical, wind: numeric},
             candidate: {item: categorical, genres: categorical_set, words: weighted_set, age: numeric, history: sequence}}""", """
            {subject: user,
             context: {country: categorical, hour: categorical, wind: numeric, temperature: numeric},
             candidate: {price: numeric, item: categorical, tags: categorical_set, genres: categorical_set, words: weighted_set,
                         history: sequence, age: numeric, taste: embedding, seen: sequence}}""");

    private static PipelineSpec spec(int generation, String model) {
        String text = """
                pipeline: movies
                decision: %s
                feedback: {reward: {click: 1.0}}
                crosses: %s
                bins: {temperature: quantiles(4), age: 2.5%s}
                model: %s
                """;
        boolean newest = generation == DECISIONS.size() - 1;
        return SpecReader.read(
                text.formatted(
                        DECISIONS.get(generation),
                        newest
                                ? "[[user, genres], [hour, tags], [country, item], [price, hour], [user, taste, seen]]"
                                : "[[user, genres]]",
                        newest ? ", price: quantiles(3)" : "",
                        model),
                "test");
    }

    static Stream<Arguments> models() {
        return Arrays.stream(LearnerKind.values())
                .flatMap(learner -> Stream.of(
                                "{table: hashed}", "{table: exact}", "{table: exact, admit: 2, forget: 1h}")
                        .map(ids -> Arguments.of("{learner: " + learner.text() + ", bits: 12, ids: " + ids + "}")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void areLearnedAsIfTheNewestSpecHadLoggedWhatTheyHave(String model) {
        PipelineSpec newest = spec(2, model);
        List<FeatureSet> older =
                List.of(spec(0, model).featureSet(), spec(1, model).featureSet());
        long seed = model.hashCode();
        Random random = new Random(seed);
        Codec<Example> codec = Codec.of(Example.class);
        List<Double> told = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        try (ShardLearner translating = new ShardLearner(newest, older, "l", 0);
                ShardLearner reversed = new ShardLearner(newest, List.of(older.get(1), older.get(0)), "l", 0);
                ShardLearner oracle = new ShardLearner(newest, "l", 0)) {
            translating.onPrediction((at, prediction, label, importance) -> told.add(prediction));
            oracle.onPrediction((at, prediction, label, importance) -> expected.add(prediction));
            for (int at = 0; at < EXAMPLES; at++) {
                FeatureSet set = random.nextInt(4) == 0 ? newest.featureSet() : older.get(random.nextInt(2));
                TestingValues values = new TestingValues(set, random);
                Example example = labelled(values.vector(set), random, at);
                Example naive = Example.newBuilder(example)
                        .setFeatureSetVersion(newest.featureSet().version())
                        .setFeatures(ByteBuffer.wrap(
                                values.vector(newest.featureSet()).pack()))
                        .build();
                byte[] record = codec.encode(example);
                Optional<Problem> problem =
                        at % 2 == 0 ? translating.learn(at, example) : translating.learn(at, record, 0, record.length);
                assertThat(problem).as("seed %s, example %s", seed, at).isEmpty();
                assertThat(reversed.learn(at, example)).isEmpty();
                assertThat(oracle.learn(at, naive)).isEmpty();
            }
            assertThat(told)
                    .as("seed %s", seed)
                    .hasSizeGreaterThan(EXAMPLES / 2)
                    .isEqualTo(expected);
            assertThat(translating.digest()).as("seed %s", seed).isEqualTo(oracle.digest());
            assertThat(reversed.header()).as("seed %s", seed).isEqualTo(translating.header());
            assertThat(translating.total().state()).isEqualTo(oracle.total().state());
        }
    }

    private static Example labelled(FeatureVector vector, Random random, int at) {
        boolean correction = random.nextInt(8) == 0;
        return TestingExamples.of(vector)
                .setReward(random.nextInt(2))
                .setWeight(1 + random.nextInt(2))
                .setKind(correction ? ExampleKind.CORRECTION : ExampleKind.ORIGINAL)
                .setReplacedReward(correction ? (double) random.nextInt(2) : null)
                .setDecisionTimeMicros(10_000_000L * at)
                .build();
    }

    @Test
    void goOnFromACheckpointWithTheirMiniBatchHalfFull() {
        String model = "{learner: deep, bits: 10, batch: 7}";
        PipelineSpec newest = spec(2, model);
        FeatureSet old = spec(0, model).featureSet();
        Random random = new Random(3);
        try (ShardLearner undisturbed = new ShardLearner(newest, List.of(old), "l", 0);
                ShardLearner restarted = new ShardLearner(newest, List.of(old), "l", 0);
                ShardLearner ignorant = new ShardLearner(newest, "l", 0)) {
            for (int at = 0; at < 24; at++) {
                undisturbed.learn(at, labelled(new TestingValues(old, random).vector(old), random, at));
            }
            SnapshotHeader header = undisturbed.header();
            List<RowBlock> blocks = undisturbed.copyBlocks();
            assertThat(header.getPending()).hasSize(3);
            restarted.restore(header, blocks);
            assertThatThrownBy(() -> ignorant.restore(header, blocks))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("waiting example at offset 21, featureSetVersion: ");
            for (int at = 24; at < 60; at++) {
                Example example = labelled(new TestingValues(old, random).vector(old), random, at);
                undisturbed.learn(at, example);
                restarted.learn(at, example);
            }
            assertThat(restarted.header()).isEqualTo(undisturbed.header());
        }
    }

    @Test
    void ofNoKnownFeatureSetAreRejectedWithTheVersionsThatAreKnown() {
        PipelineSpec newest = spec(2, "{learner: ftrl, bits: 12}");
        FeatureSet first = spec(0, "{bits: 12}").featureSet();
        FeatureSet second = spec(1, "{bits: 12}").featureSet();
        Example example = TestingExamples.of(new FeatureVector(newest.featureSet()))
                .setFeatureSetVersion(5)
                .build();
        String versions = Stream.of(first, second)
                .map(FeatureSet::version)
                .sorted(Long::compareUnsigned)
                .map(Long::toHexString)
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        for (List<FeatureSet> older : List.of(
                List.of(first, second), List.of(second, first), List.of(second, newest.featureSet(), first, second))) {
            try (ShardLearner shard = new ShardLearner(newest, older, "l", 0)) {
                assertThat(shard.learn(0, example).orElseThrow())
                        .hasToString("featureSetVersion: 5 (expected: "
                                + Long.toHexString(newest.featureSet().version()) + " of movies, or older: "
                                + versions + ")");
                assertThat(shard.rejected()).isEqualTo(1);
            }
        }
    }

    @Test
    void thatCannotBeTranslatedAreRefusedBeforeAnythingIsLearned() {
        PipelineSpec newest = spec(2, "{learner: ftrl, bits: 12}");
        FeatureSet old = SpecReader.read("""
                pipeline: movies
                decision: {subject: user, context: {hour: numeric, item: categorical}, candidate: {age: numeric}}
                feedback: {reward: {click: 1.0}}
                """, "test").featureSet();
        assertThatThrownBy(() -> new ShardLearner(newest, List.of(old), "l", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feature hour: categorical (expected: numeric, as in movies@")
                .hasMessageContaining(
                        "feature item: of each candidate (expected: shared by all candidates, as in movies@");
    }

    @Test
    void bytesThatAreNoVectorOfTheirSetAreRejected() {
        PipelineSpec newest = spec(2, "{learner: ftrl, bits: 12}");
        FeatureSet old = spec(0, "{bits: 12}").featureSet();
        Example example = TestingExamples.of(new FeatureVector(old))
                .setFeatures(ByteBuffer.wrap(new FeatureVector(newest.featureSet()).pack()))
                .build();
        try (ShardLearner shard = new ShardLearner(newest, List.of(old), "l", 0)) {
            assertThat(shard.learn(0, example).orElseThrow().toString())
                    .startsWith("features: feature vector: ")
                    .endsWith("(expected: a vector of movies)");
        }
    }
}
