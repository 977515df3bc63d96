package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.record.Delta;
import io.millrace.trainer.score.LinearScorer;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSnapshotTest {
    private static final int PARAMETERS = 3000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void deltasMakeWhatAPlainArrayWouldHold(long seed) {
        Random random = new Random(seed);
        float[] oracle = new float[PARAMETERS];
        ModelSnapshot snapshot = initial();
        for (int to = 1; to <= 200; to++) {
            TreeMap<Integer, Float> changes = new TreeMap<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                changes.put(random.nextInt(PARAMETERS), random.nextInt(3) == 0 ? 0 : random.nextFloat());
            }
            changes.forEach((index, value) -> oracle[index] = value);
            snapshot = snapshot.apply(
                    DeltaCodec.encode(delta(to - 1, to, changes), 0, 40).toArray(Delta[]::new));
        }
        int nonzero = 0;
        for (int i = 0; i < PARAMETERS; i++) {
            assertThat(snapshot.weight(i, 0)).isEqualTo(oracle[i]);
            nonzero += oracle[i] == 0 ? 0 : 1;
        }
        assertThat(snapshot.nonzero()).isEqualTo(nonzero);
        assertThat(snapshot.parameters()).isEqualTo(PARAMETERS);
        assertThat(snapshot.offset()).isEqualTo(200);
    }

    @Test
    void theVersionBeforeDoesNotChange() {
        ModelSnapshot before = initial();
        ModelSnapshot first = before.apply(delta(0, 1, new TreeMap<>(Map.of(5, 1f))));
        ModelSnapshot second = first.apply(delta(1, 2, new TreeMap<>(Map.of(5, 2f, 6, 3f))));
        assertThat(before.weight(5, 0)).isZero();
        assertThat(first.weight(5, 0)).isEqualTo(1f);
        assertThat(first.nonzero()).isEqualTo(1);
        assertThat(second.weight(5, 0)).isEqualTo(2f);
        assertThat(second.nonzero()).isEqualTo(2);
    }

    @Test
    void appliesADeltaThatBeginsBeforeItAndEndsAfterIt() {
        ModelSnapshot at5 = initial().apply(delta(0, 5, new TreeMap<>()));
        assertThat(at5.apply(delta(3, 6, new TreeMap<>())).offset()).isEqualTo(6);
    }

    @Test
    void refusesAGapAndWhatItAlreadyKnows() {
        ModelSnapshot at5 = initial().apply(delta(0, 5, new TreeMap<>()));
        assertThatThrownBy(() -> at5.apply(delta(6, 7, new TreeMap<>())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("from: 6 (expected: at most the version's offset 5)");
        assertThatThrownBy(() -> at5.apply(delta(2, 5, new TreeMap<>())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("to: 5 (expected: above the version's offset 5)");
    }

    @Test
    void refusesAnotherLineageShardOrModel() {
        WeightDelta delta = new WeightDelta("m", "l", 0, 0, 1, 1, 1, new int[0], new float[0], Digest.text(1), 1);
        assertThatThrownBy(() -> ModelSnapshot.initial("m", "other", 0, Loss.LOGISTIC, 1, 1)
                        .apply(delta))
                .hasMessage("lineage: l (expected: other)");
        assertThatThrownBy(() ->
                        ModelSnapshot.initial("m", "l", 1, Loss.LOGISTIC, 1, 1).apply(delta))
                .hasMessage("shard: 0 (expected: 1)");
        assertThatThrownBy(() ->
                        ModelSnapshot.initial("n", "l", 0, Loss.LOGISTIC, 1, 1).apply(delta))
                .hasMessage("model: m (expected: n)");
    }

    @Test
    void predictsOnTheScaleOfTheLoss() {
        SparseVector x = new SparseVector();
        x.add(5, 2);
        x.add(6, 1);
        x.add(5, 1);
        TreeMap<Integer, Float> weights = new TreeMap<>(Map.of(5, 0.5f, 6, -1f));
        assertThat((float) new LinearScorer(Loss.LOGISTIC).score(initial().apply(delta(0, 1, weights)), x))
                .isEqualTo((float) (1 / (1 + Math.exp(-0.5))));
        ModelSnapshot regression = ModelSnapshot.initial("m", "l", 0, Loss.SQUARED, PARAMETERS, 1);
        assertThat(new LinearScorer(Loss.SQUARED).score(regression.apply(delta(0, 1, weights)), x))
                .isEqualTo(0.5);
    }

    private static ModelSnapshot initial() {
        return ModelSnapshot.initial("m", "l", 0, Loss.LOGISTIC, PARAMETERS, 1);
    }

    private static WeightDelta delta(long from, long to, TreeMap<Integer, Float> changes) {
        int[] indices = changes.keySet().stream().mapToInt(Integer::intValue).toArray();
        float[] values = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            values[i] = changes.get(indices[i]);
        }
        return new WeightDelta("m", "l", 0, from, to, PARAMETERS, 1, indices, values, Digest.text(to), to);
    }
}
