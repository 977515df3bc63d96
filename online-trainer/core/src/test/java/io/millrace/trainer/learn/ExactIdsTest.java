package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.Indexer;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Example;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shard whose ids have rows of their own, with whatever learner. */
class ExactIdsTest {
    private static final List<String> FIELDS = List.of("shop", "item", "maker");

    private static PipelineSpec spec(String model) {
        String text = """
                pipeline: shops
                decision:
                  subject: shop
                  candidate: {item: categorical, maker: categorical}
                feedback: {reward: {click: 1.0}, window: 30m}
                model: {%s}
                """;
        return SpecReader.read(text.formatted(model), "test");
    }

    /** Example number {@code i} of a stream in which each field has so many values, some of them often. */
    private static Example example(PipelineSpec spec, int i, int values, long seed) {
        Random random = new Random(seed * 1_000_003 + i);
        FeatureVector vector = new FeatureVector(spec.featureSet());
        double odds = -0.5;
        for (String field : FIELDS) {
            int value = (int) (values * random.nextDouble() * random.nextDouble());
            vector.categorical(spec.featureSet().indexOf(field), hash(field, value));
            odds += new Random(value * 31L + field.hashCode()).nextGaussian();
        }
        return TestingExamples.of(vector)
                .setReward(random.nextDouble() < 1 / (1 + Math.exp(-odds)) ? 1 : 0)
                .setDecisionTimeMicros(10_000_000L * i)
                .setLabelDelayMicros(1_000_000L * random.nextInt(100))
                .build();
    }

    private static long hash(String field, int value) {
        return FeatureHash.of(field).hash(Integer.toString(value));
    }

    @ParameterizedTest
    @EnumSource(names = {"FTRL", "AUTO"})
    void predictsWhatAHashedTableWithoutCollisionsPredicts(LearnerKind learner) {
        int values = 1500;
        int seed = 0;
        while (collides(spec("bits: 22, seed: " + ++seed), values)) {}
        PipelineSpec hashed = spec("bits: 22, seed: " + seed + ", learner: " + learner.text());
        PipelineSpec exact = spec("ids: {table: exact}, seed: " + seed + ", learner: " + learner.text());
        List<Double> ofHashed = predictions(hashed, 8000, values);
        assertThat(predictions(exact, 8000, values)).isEqualTo(ofHashed);
        assertThat(new HashSet<>(ofHashed)).hasSizeGreaterThan(4000);
    }

    private static boolean collides(PipelineSpec spec, int values) {
        Indexer indexer = new Indexer(spec);
        Set<Integer> rows = new HashSet<>(Set.of(indexer.constantIndex()));
        return FIELDS.stream().anyMatch(field -> {
            for (int value = 0; value < values; value++) {
                if (!rows.add(indexer.index(hash(field, value)))) {
                    return true;
                }
            }
            return false;
        });
    }

    private static List<Double> predictions(PipelineSpec spec, int examples, int values) {
        List<Double> told = new ArrayList<>();
        try (ShardLearner shard = new ShardLearner(spec, "l", 0)) {
            shard.onPrediction((at, prediction, label, importance) -> told.add(prediction));
            for (int i = 0; i < examples; i++) {
                assertThat(shard.learn(i, example(spec, i, values, 1))).isEmpty();
            }
        }
        return told;
    }

    @ParameterizedTest
    @EnumSource
    void goesOnFromAnyCheckpointAndServingFollows(LearnerKind learner) {
        PipelineSpec spec =
                spec("ids: {table: exact, admit: 2, forget: 5h, rows: 8192}, seed: 3, learner: " + learner.text());
        Random random = new Random(4);
        int examples = 15_000;
        Map<Integer, RowBlock> saved = new HashMap<>();
        SnapshotHeader header = null;
        ModelSnapshot served = ModelSnapshot.initial(spec, "l", 0);
        ShardLearner restarted = new ShardLearner(spec, "l", 0);
        try (ShardLearner undisturbed = new ShardLearner(spec, "l", 0)) {
            for (int i = 0; i < examples; i++) {
                undisturbed.learn(i, example(spec, i, 9000, 2));
            }
            assertThat(undisturbed.header().getRows()).isGreaterThan(8192);
            while (restarted.offset() < examples) {
                int at = (int) restarted.offset();
                restarted.learn(at, example(spec, at, 9000, 2));
                if (random.nextInt(30) == 0) {
                    served = follow(served, restarted);
                }
                if (random.nextInt(150) == 0) {
                    served = follow(served, restarted);
                    restarted.takeDirtyBlocks().forEach(block -> saved.put(block.number(), block));
                    header = restarted.header();
                }
                if (header != null && random.nextInt(300) == 0) {
                    restarted.close();
                    restarted = new ShardLearner(spec, "l", 0);
                    restarted.restore(header, saved.values());
                    assertThat(restarted.header()).isEqualTo(header);
                }
            }
            assertThat(restarted.digest()).isEqualTo(undisturbed.digest());
            assertThat(restarted.header()).isEqualTo(undisturbed.header());
            served = follow(served, restarted);
            assertThat(served.digest()).isEqualTo(undisturbed.digest());
            assertThat(served.rows()).isEqualTo(undisturbed.header().getRows());
        } finally {
            restarted.close();
        }
    }

    private static ModelSnapshot follow(ModelSnapshot served, ShardLearner shard) {
        return shard.offset() <= served.offset()
                ? served
                : shard.cut()
                        .filter(delta -> delta.to() > served.offset())
                        .map(served::apply)
                        .orElse(served);
    }

    @Test
    void whatIsRejectedChangesNothing() {
        PipelineSpec spec = spec("ids: {table: exact, forget: 1h}, learner: ftrl, loss: squared");
        try (ShardLearner shard = new ShardLearner(spec, "l", 0)) {
            shard.learn(0, example(spec, 0, 1, 1));
            String digest = shard.digest();
            Example absurd = example(spec, 1, 2, 1);
            absurd.setReward(1e300);
            absurd.setDecisionTimeMicros(Long.MAX_VALUE / 2);
            assertThat(shard.learn(1, absurd)).isPresent();
            assertThat(shard.digest()).isEqualTo(digest);
            assertThat(shard.offset()).isEqualTo(2);
        }
    }

    @Test
    void startsFromATableThatHasGrown() {
        PipelineSpec spec = spec("ids: {table: exact}, learner: ftrl");
        PipelineSpec smaller = spec("ids: {table: exact, rows: 4096}, learner: ftrl");
        try (ShardLearner first = new ShardLearner(spec, "l", 0);
                ShardLearner second = new ShardLearner(spec, "m", 0);
                ShardLearner third = new ShardLearner(smaller, "m", 0)) {
            for (int i = 0; i < 4000; i++) {
                first.learn(i, example(spec, i, 5000, 1));
            }
            second.start(first.header(), first.copyBlocks());
            for (int i = 0; i < 4000; i++) {
                first.learn(4000 + i, example(spec, i, 5000, 2));
                second.learn(i, example(spec, i, 5000, 2));
            }
            assertThat(second.digest()).isEqualTo(first.digest());
            assertThatThrownBy(() -> third.start(first.header(), first.copyBlocks()))
                    .hasMessageStartingWith("rows: 16400 (expected: ");
        }
    }

    @Test
    void losesLessThanASmallTableInWhichIdsCollide() {
        PipelineSpec hashed = spec("bits: 8, learner: ftrl");
        PipelineSpec exact = spec("ids: {table: exact}, learner: ftrl");
        try (ShardLearner colliding = new ShardLearner(hashed, "l", 0);
                ShardLearner apart = new ShardLearner(exact, "l", 0)) {
            for (int i = 0; i < 30_000; i++) {
                colliding.learn(i, example(hashed, i, 2000, 5));
                apart.learn(i, example(exact, i, 2000, 5));
            }
            assertThat(apart.total().meanLoss())
                    .isLessThan(0.97 * colliding.total().meanLoss());
        }
    }
}
