package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.WireException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardLearnerTest {
    private static final PipelineSpec SPEC = TestingSpecs.movies();
    private static final int EXAMPLES = 2000;

    static Stream<Arguments> families() {
        return Arrays.stream(LearnerKind.values())
                .flatMap(learner -> LongStream.rangeClosed(1, 3).mapToObj(seed -> Arguments.of(learner, seed)));
    }

    /** Whatever has an optimiser, a mini-batch half full, or bins whose edges move. */
    @ParameterizedTest
    @MethodSource("families")
    void goesOnFromAnyCheckpointAsIfNothingHadHappened(LearnerKind learner, long seed) {
        PipelineSpec spec = TestingSpecs.binned("{learner: " + learner.text() + ", bits: 12, seed: 7}");
        Random random = new Random(seed);
        TestingExamples examples = new TestingExamples(spec, seed);
        Map<Integer, RowBlock> saved = new HashMap<>();
        SnapshotHeader header = null;
        ShardLearner restarted = new ShardLearner(spec, "l", 0);
        try (ShardLearner undisturbed = new ShardLearner(spec, "l", 0)) {
            Example[] log = new Example[EXAMPLES];
            for (int i = 0; i < EXAMPLES; i++) {
                log[i] = examples.next();
                undisturbed.learn(i, log[i]);
            }
            while (restarted.offset() < EXAMPLES) {
                int at = (int) restarted.offset();
                restarted.learn(at, log[at]);
                if (random.nextInt(10) == 0) {
                    restarted.cut();
                }
                if (random.nextInt(50) == 0) {
                    header = restarted.header();
                    restarted.takeDirtyBlocks().forEach(block -> saved.put(block.number(), block));
                }
                if (header != null && random.nextInt(100) == 0) {
                    restarted.close();
                    restarted = new ShardLearner(spec, "l", 0);
                    restarted.restore(header, saved.values());
                    assertThat(restarted.header()).as("seed %s", seed).isEqualTo(header);
                }
            }
            assertThat(restarted.header()).as("seed %s", seed).isEqualTo(undisturbed.header());
            assertThat(restarted.copyBlocks())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(undisturbed.copyBlocks());
        } finally {
            restarted.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{learner: ftrl, bits: 12}", "{learner: auto, bits: 12}", "{loss: poisson, bits: 12}"})
    void anUnpackedExampleIsPredictedAndLearnedAsOneOfTheLog(String model) {
        PipelineSpec spec = TestingSpecs.binned(model);
        TestingExamples examples = new TestingExamples(spec, 7);
        FeatureVector vector = new FeatureVector(spec.featureSet());
        double[] expected = new double[1];
        try (ShardLearner packed = new ShardLearner(spec, "l", 0);
                ShardLearner unpacked = new ShardLearner(spec, "l", 0)) {
            unpacked.onPrediction((at, prediction, label, importance) ->
                    assertThat(prediction).as("offset %s", at).isEqualTo(expected[0]));
            for (int at = 0; at < EXAMPLES; at++) {
                Example example = examples.next();
                if (example.getKind() == ExampleKind.CORRECTION) {
                    continue;
                }
                packed.learn(at, example);
                vector.unpack(example.getFeatures().duplicate());
                expected[0] = unpacked.predict(vector);
                long known = example.getDecisionTimeMicros() + example.getLabelDelayMicros();
                assertThat(unpacked.learn(at, vector, example.getReward(), example.getWeight(), known))
                        .isEmpty();
            }
            assertThat(unpacked.elements()).isGreaterThan(5);
            assertThat(unpacked.header()).isEqualTo(packed.header());
            long at = unpacked.offset();
            assertThat(unpacked.learn(at, vector, Double.NaN, 1, 0)
                            .orElseThrow()
                            .toString())
                    .startsWith("reward: NaN (expected: ");
            assertThat(unpacked.learn(at + 1, vector, 1, -1, 0).orElseThrow().toString())
                    .startsWith("weight: -1.0 (expected: ");
            assertThat(unpacked.rejected()).isEqualTo(2);
        }
    }

    @Test
    void movesTheVersionPastWhatItRejects() {
        FeatureVector vector = new FeatureVector(SPEC.featureSet());
        try (ShardLearner shard = new ShardLearner(SPEC, "l", 0)) {
            assertRejected(
                    shard,
                    TestingExamples.of(vector).setFeatureSetVersion(5).build(),
                    "featureSetVersion: 5 (expected: "
                            + Long.toHexString(SPEC.featureSet().version()) + " of movies)");
            assertRejected(
                    shard,
                    TestingExamples.of(vector)
                            .setFeatures(ByteBuffer.wrap(new byte[] {1}))
                            .build(),
                    "features: ");
            assertRejected(shard, TestingExamples.of(vector).setWeight(-1).build(), "weight: -1.0 (expected: ");
            assertRejected(
                    shard, TestingExamples.of(vector).setReward(Double.NaN).build(), "reward: NaN (expected: ");
            assertRejected(
                    shard,
                    TestingExamples.of(vector).setKind(ExampleKind.CORRECTION).build(),
                    "replacedReward: null (expected: ");
            shard.skip(shard.offset());
            assertThat(shard.rejected()).isEqualTo(6);
            assertThat(shard.examples()).isZero();
            assertThat(shard.cut().orElseThrow().to()).isEqualTo(6);
            assertThat(shard.cut()).isEmpty();
        }
    }

    private static void assertRejected(ShardLearner shard, Example example, String reason) {
        long at = shard.offset();
        assertThat(shard.learn(at, example).orElseThrow().toString()).startsWith(reason);
        assertThat(shard.offset()).isEqualTo(at + 1);
    }

    @Test
    void passesOverGapsAndRefusesToGoBack() {
        Example example = new TestingExamples(SPEC, 1).next();
        try (ShardLearner shard = new ShardLearner(SPEC, "l", 3)) {
            shard.learn(10, example);
            assertThat(shard.offset()).isEqualTo(11);
            assertThatThrownBy(() -> shard.learn(10, example))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("offset: 10 in shard 3 (expected: at least 11)");
        }
    }

    @Test
    void anExampleThatWouldMakeWeightsInfiniteChangesNothingButTheVersion() {
        PipelineSpec spec = TestingSpecs.movies("{learner: ftrl, loss: squared, bits: 12}");
        FeatureVector vector = new FeatureVector(spec.featureSet());
        try (ShardLearner shard = new ShardLearner(spec, "l", 0)) {
            assertThat(shard.learn(
                            4, TestingExamples.of(vector).setReward(1e300).build()))
                    .hasValueSatisfying(problem -> assertThat(problem.name()).startsWith("example at offset 4, "));
            assertThat(shard.offset()).isEqualTo(5);
            assertThat(shard.rejected()).isEqualTo(1);
            assertThat(shard.examples()).isZero();
            assertThat(shard.digest()).isEqualTo("0000000000000000");
            assertThat(shard.learn(5, TestingExamples.of(vector).build())).isEmpty();
            assertThat(shard.digest()).isNotEqualTo("0000000000000000");
        }
    }

    @Test
    void anExampleThatWouldMakeWeightsInfiniteTakesItsMiniBatchWithIt() {
        PipelineSpec spec = TestingSpecs.movies("{learner: deep, loss: squared, bits: 12, batch: 3}");
        FeatureVector vector = new FeatureVector(spec.featureSet());
        Example huge = TestingExamples.of(vector)
                .setReward(Double.MAX_VALUE)
                .setWeight(Double.MAX_VALUE)
                .build();
        try (ShardLearner shard = new ShardLearner(spec, "l", 0)) {
            assertThat(shard.learn(4, huge)).isEmpty();
            assertThat(shard.learn(5, TestingExamples.of(vector).build())).isEmpty();
            assertThat(shard.examples()).isEqualTo(2);
            assertThat(shard.header().getPending()).hasSize(2);
            assertThat(shard.learn(6, TestingExamples.of(vector).build()))
                    .hasValueSatisfying(problem -> assertThat(problem.name()).startsWith("example at offset 4, "));
            assertThat(shard.header().getPending()).isEmpty();
            assertThat(shard.rejected()).isEqualTo(3);
            assertThat(shard.examples()).isZero();
            assertThat(shard.digest()).isEqualTo("0000000000000000");
            for (int i = 7; i < 10; i++) {
                assertThat(shard.learn(i, TestingExamples.of(vector).build())).isEmpty();
            }
            assertThat(shard.digest()).isNotEqualTo("0000000000000000");
        }
    }

    @Test
    void aCountIsNotNegative() {
        PipelineSpec spec = TestingSpecs.movies("{learner: ftrl, loss: poisson, bits: 12}");
        FeatureVector vector = new FeatureVector(spec.featureSet());
        try (ShardLearner shard = new ShardLearner(spec, "l", 0)) {
            assertRejected(
                    shard,
                    TestingExamples.of(vector).setReward(-1).build(),
                    "reward: -1.0 (expected: a count of at least 0, for Poisson loss)");
        }
    }

    @Test
    void startsFromWhatAnotherLineageLearned() {
        TestingExamples examples = new TestingExamples(SPEC, 3);
        try (ShardLearner first = new ShardLearner(SPEC, "l", 0);
                ShardLearner second = new ShardLearner(SPEC, "m", 0)) {
            for (int i = 0; i < 500; i++) {
                first.learn(i, examples.next());
            }
            second.start(first.header(), first.copyBlocks());
            assertThat(second.offset()).isZero();
            assertThat(second.examples()).isZero();
            assertThat(second.total().examples()).isZero();
            assertThat(second.digest()).isEqualTo(first.digest());
            for (int i = 0; i < 500; i++) {
                Example example = examples.next();
                first.learn(500 + i, example);
                second.learn(i, example);
            }
            assertThat(second.digest()).isEqualTo(first.digest());
        }
    }

    @Test
    void restoresNothingThatIsNotItsOwn() {
        try (ShardLearner saved = new ShardLearner(SPEC, "l", 0);
                ShardLearner other = new ShardLearner(SPEC, "m", 0);
                ShardLearner same = new ShardLearner(SPEC, "l", 0)) {
            saved.learn(0, new TestingExamples(SPEC, 1).next());
            SnapshotHeader header = saved.header();
            List<RowBlock> blocks = saved.copyBlocks();
            assertThatThrownBy(() -> other.restore(header, blocks)).hasMessage("lineage: l (expected: m)");
            assertThatThrownBy(() -> same.restore(header, blocks.subList(1, blocks.size())))
                    .hasMessageStartingWith("digest: ");
        }
    }

    @Test
    void examplesOnTheWireTeachTheSame() {
        Codec<Example> codec = Codec.of(Example.class);
        TestingExamples examples = new TestingExamples(SPEC, 6);
        try (ShardLearner direct = new ShardLearner(SPEC, "l", 0);
                ShardLearner decoded = new ShardLearner(SPEC, "l", 0);
                ShardLearner wire = new ShardLearner(SPEC, "l", 0)) {
            for (int i = 0; i < 300; i++) {
                Example example = examples.next();
                byte[] record = codec.encode(example);
                byte[] around = new byte[record.length + 7];
                System.arraycopy(record, 0, around, 3, record.length);
                direct.learn(i, example);
                decoded.learn(i, codec.decode(record));
                wire.learn(i, around, 3, record.length);
            }
            assertThat(decoded.header()).isEqualTo(direct.header());
            assertThat(wire.header()).isEqualTo(direct.header());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverTheBytesItLearnsOrRejectsThemLikeTheirRecord(long seed) {
        Codec<Example> codec = Codec.of(Example.class);
        Random random = new Random(seed);
        TestingExamples examples = new TestingExamples(SPEC, seed);
        try (ShardLearner decoded = new ShardLearner(SPEC, "l", 0);
                ShardLearner wire = new ShardLearner(SPEC, "l", 0)) {
            for (int i = 0; i < EXAMPLES; i++) {
                byte[] record = codec.encode(examples.next());
                for (int flips = random.nextInt(3); flips > 0; flips--) {
                    record[random.nextInt(record.length)] ^= (byte) (1 << random.nextInt(8));
                }
                String outcome = outcome(decoded, i, () -> decoded.learn(decoded.offset(), codec.decode(record)));
                assertThat(outcome(wire, i, () -> wire.learn(wire.offset(), record, 0, record.length)))
                        .as("seed %s, example %s", seed, i)
                        .isEqualTo(outcome);
            }
            assertThat(wire.header()).as("seed %s", seed).isEqualTo(decoded.header());
            assertThat(wire.examples()).isBetween(EXAMPLES / 10L, EXAMPLES * 9L / 10);
        }
    }

    private static String outcome(ShardLearner shard, long at, Supplier<Optional<Problem>> learning) {
        try {
            return learning.get().map(Problem::toString).orElse("learned");
        } catch (WireException e) {
            assertThat(shard.offset()).isEqualTo(at);
            shard.skip(at);
            return String.valueOf(e.getMessage());
        }
    }
}
