package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.GuardSpec;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.snapshot.WeightDelta;
import io.millrace.trainer.state.GuardState;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/**
 * No example makes a weight that is not finite: learners refuse it. What follows is for the fault that is not known yet, and
 * has to reach behind a learner's back.
 */
class ShowingTest {
    private static final GuardSpec GUARD = new GuardSpec(0.5, 500);

    private final Recorded log = new Recorded(1, 90, 1);

    @Test
    void aVersionWithAWeightThatIsNotFiniteIsHeldBackUntilItIsFiniteAgain() throws Exception {
        try (ShardLearner learner = new ShardLearner(Recorded.SPEC, "lineage", 0)) {
            Showing showing = new Showing(learner, GUARD);
            learn(learner, 0, 30);
            WeightDelta good = showing.cut().orElseThrow();
            assertThat(showing.takeChange()).isFalse();

            int row = good.indices()[0];
            float before = table(learner).get(row, 0);
            table(learner).put(row, 0, Float.NaN);
            learn(learner, 30, 60);
            assertThat(showing.cut()).isEmpty();
            assertThat(showing.isHeld()).isTrue();
            assertThat(showing.takeChange()).isTrue();
            assertThat(Announcements.held(learner, showing.reason()))
                    .startsWith("shard 0, row " + row + ", column 0: NaN (expected: a finite number)")
                    .contains("versions after offset 30 are not published");
            assertThat(showing.figures()).containsEntry("held", 1.0).containsEntry("published", 30.0);
            GuardState state = showing.state();
            assertThat(state.getPublished()).isEqualTo(30);
            assertThat(state.getHeldBack()).isPositive();

            table(learner).put(row, 0, before);
            learn(learner, 60, 90);
            WeightDelta all = showing.cut().orElseThrow();
            assertThat(all.from()).isEqualTo(30);
            assertThat(all.to()).isEqualTo(90);
            assertThat(all.indices()).contains(row);
            assertThat(all.notFinite()).isEmpty();
            assertThat(showing.isHeld()).isFalse();
            assertThat(showing.takeChange()).isTrue();
        }
    }

    @Test
    void withoutAGuardEverythingIsShown() throws Exception {
        try (ShardLearner learner = new ShardLearner(Recorded.SPEC, "lineage", 0)) {
            Showing showing = new Showing(learner, null);
            learn(learner, 0, 30);
            table(learner).put(showing.cut().orElseThrow().indices()[0], 0, Float.NaN);
            learn(learner, 30, 60);
            assertThat(showing.cut().orElseThrow().notFinite()).isPresent();
            assertThat(showing.isHeld()).isFalse();
        }
    }

    private void learn(ShardLearner learner, int from, int to) {
        for (int i = from; i < to; i++) {
            byte[] record = log.partition(0).get(i);
            learner.learn(i, record, 0, record.length);
        }
    }

    private static ParameterTable table(ShardLearner shard) throws ReflectiveOperationException {
        Field field = ShardLearner.class.getDeclaredField("learner");
        field.setAccessible(true);
        Object learner = field.get(shard);
        Method table = learner.getClass().getDeclaredMethod("table");
        table.setAccessible(true);
        return (ParameterTable) table.invoke(learner);
    }
}
