package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.TestingExamples;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowFinder;
import io.millrace.trainer.score.Scorer;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family: what serving says with a version is, bit by bit, what the trainer says with it. */
class ServedScoresTest {
    private static final int EXAMPLES = 1500;
    private static final List<String> IDS = List.of(
            "{table: hashed}",
            "{table: exact}",
            "{table: exact, admit: 3, forget: 1m, rows: 1024}",
            "{table: exact, admit: 1, forget: 1m, rows: 1024}");

    static Stream<Arguments> families() {
        return Arrays.stream(LearnerKind.values())
                .flatMap(learner -> Arrays.stream(Loss.values())
                        .flatMap(loss -> IDS.stream().map(ids -> Arguments.of(learner, loss, ids))));
    }

    @ParameterizedTest
    @MethodSource("families")
    void whoeverFollowsTheDeltasScoresBitByBitLikeTheTrainer(LearnerKind learner, Loss loss, String ids) {
        PipelineSpec spec = TestingSpecs.binned(
                "{learner: " + learner.text() + ", loss: " + loss.text() + ", bits: 12, ids: " + ids + "}");
        TestingExamples examples = new TestingExamples(spec, 5);
        Random random = new Random(5);
        List<Float> told = new ArrayList<>();
        List<Float> served = new ArrayList<>();
        try (ShardLearner shard = new ShardLearner(spec, "l", 0);
                Scorer scorer = Scorer.of(spec)) {
            shard.onPrediction((at, prediction, label, importance) -> told.add((float) prediction));
            ModelSnapshot followed = ModelSnapshot.initial(spec, "l", 0);
            for (int i = 0; i < EXAMPLES; i++) {
                if (i > 0) {
                    followed = followed.apply(shard.cut().orElseThrow());
                    assertThat(followed.digest()).isEqualTo(shard.digest());
                    assertThat(followed.offset()).isEqualTo(shard.offset());
                    assertThat(followed.examples()).isEqualTo(shard.examples());
                }
                Example example = examples.next();
                example.setDecisionTimeMicros(1_000_000L * i + 100_000L * random.nextInt(100));
                if (example.getKind() == ExampleKind.ORIGINAL) {
                    served.add(score(spec, scorer, followed, example, random));
                }
                assertThat(shard.learn(i, example)).isEmpty();
            }
        }
        assertThat(told).hasSizeGreaterThan(EXAMPLES / 2);
        assertThat(told).isEqualTo(served.subList(0, told.size()));
    }

    /** The example's score among others': how many are scored at once, and where it stands, must not matter. */
    private static float score(
            PipelineSpec spec, Scorer scorer, ModelSnapshot snapshot, Example example, Random random) {
        Layout layout = Layout.of(spec);
        Indexer indexer = new Indexer(spec, layout.firstFeature());
        RowFinder finder = new RowFinder(spec, layout);
        FeatureVector vector = new FeatureVector(spec.featureSet());
        List<SparseVector> slate = new ArrayList<>();
        int place = random.nextInt(5);
        TestingExamples others = new TestingExamples(spec, random.nextLong());
        for (int i = 0; i < 5; i++) {
            Example one = i == place ? example : others.next();
            SparseVector x = new SparseVector();
            indexer.index(vector.unpack(one.getFeatures().duplicate()), layout.numerics(snapshot), x);
            finder.place(snapshot, snapshot.rows(), x);
            slate.add(x);
        }
        float[] scores = new float[5];
        scorer.score(snapshot, slate, 5, scores);
        assertThat((float) scorer.score(snapshot, slate.get(place))).isEqualTo(scores[place]);
        return scores[place];
    }
}
