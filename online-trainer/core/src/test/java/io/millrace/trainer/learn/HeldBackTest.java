package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.trainer.state.SnapshotHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not shown for a while reaches a follower all the same, restarts or not. */
class HeldBackTest {
    @ParameterizedTest
    @CsvSource({
        "'{learner: ftrl, bits: 12, l1: 0.5}', 1",
        "'{learner: auto, bits: 12}', 2",
        "'{learner: auto, ids: {table: exact, admit: 2, forget: 1s}}', 3",
        "'{learner: deep, bits: 12, factors: 4, layers: 1, width: 8}', 4"
    })
    void aFollowerMissesNothingThatWasHeldBackOverRestarts(String model, long seed) {
        PipelineSpec spec = TestingSpecs.movies(model);
        TestingExamples examples = new TestingExamples(spec, seed);
        Random random = new Random(seed);
        Map<Integer, RowBlock> saved = new HashMap<>();
        ModelSnapshot followed = ModelSnapshot.initial(spec, "l", 0);
        ShardLearner disturbed = new ShardLearner(spec, "l", 0);
        int restarts = 0;
        boolean held = false;
        try (ShardLearner undisturbed = new ShardLearner(spec, "l", 0)) {
            for (int i = 0; i < 3000; i++) {
                Example example = examples.next();
                undisturbed.learn(i, example);
                disturbed.learn(i, example);
                held = random.nextInt(300) == 0 ? !held : held;
                if (held && random.nextInt(20) == 0) {
                    disturbed.holdBack();
                } else if (!held && random.nextInt(20) == 0) {
                    followed = followed.apply(disturbed.cut().orElseThrow());
                    assertThat(followed.offset()).isEqualTo(i + 1);
                    assertThat(followed.digest()).isEqualTo(undisturbed.digest());
                    if (random.nextInt(15) == 0) {
                        assertSame(
                                followed,
                                ModelSnapshot.initial(spec, "l", 0).apply(all(undisturbed, spec)),
                                "seed " + seed + ", example " + i);
                    }
                }
                if (random.nextInt(100) == 0) {
                    ShardLearner next = restarted(disturbed, spec, saved);
                    disturbed.close();
                    disturbed = next;
                    restarts++;
                }
            }
            assertThat(disturbed.digest()).isEqualTo(undisturbed.digest());
            assertThat(restarts).isGreaterThan(10);
        } finally {
            disturbed.close();
        }
    }

    /** As the job does it: what changed goes into the checkpoint after either a delta or holding back. */
    private static ShardLearner restarted(ShardLearner before, PipelineSpec spec, Map<Integer, RowBlock> saved) {
        before.holdBack();
        SnapshotHeader header = before.header();
        before.takeDirtyBlocks().forEach(block -> saved.put(block.number(), block));
        int[] rows = before.heldBack();
        ByteBuffer kept = DeltaCodec.rows(rows);
        ShardLearner after = new ShardLearner(spec, "l", 0);
        after.restore(header, saved.values());
        after.holdBack(before.cutOffset(), DeltaCodec.rows(kept, rows.length, header.getRows()));
        assertThat(after.takeDirtyBlocks()).isEmpty();
        return after;
    }

    /** A delta of everything, from a copy, since a cut changes what the next one holds. */
    private static WeightDelta all(ShardLearner learner, PipelineSpec spec) {
        try (ShardLearner copy = new ShardLearner(spec, "l", 0)) {
            List<RowBlock> blocks = learner.copyBlocks();
            copy.restore(learner.header(), blocks);
            List<Integer> rows = new ArrayList<>();
            for (RowBlock block : blocks) {
                for (int row = 0; row < RowBlock.ROWS; row++) {
                    if (block.number() * RowBlock.ROWS + row < learner.header().getRows()) {
                        rows.add(block.number() * RowBlock.ROWS + row);
                    }
                }
            }
            copy.holdBack(0, rows.stream().mapToInt(Integer::intValue).toArray());
            return copy.cut().orElseThrow();
        }
    }

    private static void assertSame(ModelSnapshot found, ModelSnapshot expected, String as) {
        assertThat(found.digest()).as(as).isEqualTo(expected.digest());
        assertThat(found.rows()).as(as).isEqualTo(expected.rows());
        assertThat(found.nonzero()).as(as).isEqualTo(expected.nonzero());
        for (int row = 0; row < found.rows(); row++) {
            for (int column = 0; column < found.width(); column++) {
                if (found.weight(row, column) != expected.weight(row, column)) {
                    assertThat(found.weight(row, column))
                            .as(as + ", row " + row + ", column " + column)
                            .isEqualTo(expected.weight(row, column));
                }
            }
        }
    }

    @Test
    void aDeltaThatNobodyHasSeenIsTakenBack() {
        PipelineSpec spec = TestingSpecs.movies();
        TestingExamples examples = new TestingExamples(spec, 5);
        try (ShardLearner learner = new ShardLearner(spec, "l", 0)) {
            learner.learn(0, examples.next());
            WeightDelta first = learner.cut().orElseThrow();
            learner.learn(1, examples.next());
            WeightDelta unseen = learner.cut().orElseThrow();
            learner.holdBack(unseen.from(), unseen.indices());
            assertThat(learner.cutOffset()).isEqualTo(1);
            WeightDelta again = learner.cut().orElseThrow();
            assertThat(again).usingRecursiveComparison().isEqualTo(unseen);
            assertThat(first.notFinite()).isEmpty();
            assertThat(learner.heldBack()).isEmpty();
        }
    }

    @Test
    void saysWhichValueIsNotFinite() {
        WeightDelta delta =
                new WeightDelta("m", "l", 0, 0, 1, 9, 2, new int[] {3, 7}, new float[] {1, 2, 3, Float.NaN}, "d", 1);
        assertThat(delta.notFinite().orElseThrow()).hasToString("row 7, column 1: NaN (expected: a finite number)");
    }

    @Test
    void rowsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> DeltaCodec.rows(ByteBuffer.wrap(new byte[] {1, 9}), 2, 9))
                .isInstanceOf(MalformedSnapshotException.class);
        try (ShardLearner learner = new ShardLearner(TestingSpecs.movies(), "l", 0)) {
            assertThatThrownBy(() -> learner.holdBack(1, new int[0])).hasMessage("from: 1 (expected: 0 to 0)");
        }
    }
}
