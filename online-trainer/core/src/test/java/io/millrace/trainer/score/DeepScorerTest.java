package io.millrace.trainer.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.snapshot.ModelSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeepScorerTest {
    private static final PipelineSpec SPEC = TestingSpecs.movies("{learner: deep, bits: 10, batch: 8, seed: 3}");
    private static final Layout LAYOUT = Layout.of(SPEC);

    @Test
    void seesEveryVersionThatItIsGivenAndGoesBackToOlderOnes() {
        TestingExamples examples = new TestingExamples(SPEC, 1);
        List<ModelSnapshot> versions = new ArrayList<>(List.of(ModelSnapshot.initial(SPEC, "l", 0)));
        try (ShardLearner shard = new ShardLearner(SPEC, "l", 0);
                Scorer scorer = Scorer.of(SPEC)) {
            for (int i = 0; i < 80; i++) {
                shard.learn(i, examples.next());
                versions.add(versions.get(i).apply(shard.cut().orElseThrow()));
            }
            SparseVector x = random(new Random(1));
            List<Double> scores = new ArrayList<>();
            for (ModelSnapshot version : versions) {
                try (Scorer fresh = Scorer.of(SPEC)) {
                    assertThat(scorer.score(version, x)).isEqualTo(fresh.score(version, x));
                }
                scores.add(scorer.score(version, x));
            }
            assertThat(scores.stream().distinct()).hasSizeGreaterThan(5);
            for (int i = versions.size() - 1; i >= 0; i--) {
                assertThat(scorer.score(versions.get(i), x)).isEqualTo(scores.get(i));
            }
        }
    }

    @Test
    void readsWeightsAgainThatMayHaveChanged() {
        SparseVector x = random(new Random(2));
        try (ParameterTable table =
                        new ParameterTable(LAYOUT.rows(), LAYOUT.columns().size(), LAYOUT.served());
                Scorer scorer = Scorer.of(SPEC)) {
            for (int i = 0; i < x.size(); i++) {
                table.put(x.index(i), 1, 0.5f);
            }
            double before = scorer.score(table, x);
            DenseSpan span = LAYOUT.dense();
            for (int i = 0; i < span.served(); i++) {
                table.put(span.row(i), span.column(i), 0.1f);
            }
            assertThat(scorer.score(table, x)).isNotEqualTo(before);
        }
    }

    @Test
    void scoresOneAsItScoresAThousand() {
        Random random = new Random(3);
        try (ParameterTable table =
                        new ParameterTable(LAYOUT.rows(), LAYOUT.columns().size(), LAYOUT.served());
                Scorer scorer = Scorer.of(SPEC)) {
            for (int row = 0; row < LAYOUT.rows(); row++) {
                for (int column = 0; column < LAYOUT.served(); column++) {
                    table.put(row, column, (float) random.nextGaussian() / 5);
                }
            }
            List<SparseVector> slate = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                slate.add(random(random));
            }
            float[] scores = new float[1000];
            for (int count : new int[] {1000, 65, 64, 63, 17, 16, 15, 1}) {
                scorer.score(table, slate, count, scores);
                for (int i = 0; i < count; i += 1 + count / 50) {
                    assertThat((float) scorer.score(table, slate.get(i))).isEqualTo(scores[i]);
                }
            }
        }
    }

    @Test
    void failsOnceItIsClosed() {
        Scorer scorer = Scorer.of(SPEC);
        ModelSnapshot version = ModelSnapshot.initial(SPEC, "l", 0);
        scorer.score(version, random(new Random(4)));
        scorer.close();
        assertThatThrownBy(() -> scorer.score(version, random(new Random(4))))
                .hasMessage("matrix: closed (expected: open)");
    }

    private static SparseVector random(Random random) {
        SparseVector x = new SparseVector();
        for (int term = 0; term < SPEC.featureSet().size(); term++) {
            int row = LAYOUT.firstFeature() + random.nextInt(1 << 10);
            x.add(row, row, (float) random.nextGaussian(), term);
        }
        return x;
    }
}
