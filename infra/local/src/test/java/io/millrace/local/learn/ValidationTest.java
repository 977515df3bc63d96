package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
    private static final int EXAMPLES = 40;
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: small
            decision: {subject: subject, candidate: {a: categorical, x: numeric}}
            feedback: {reward: {reward: 1}}
            crosses: [[a, x]]
            bins: {x: quantiles(4)}
            model: {bits: 8}
            """, "small.yaml");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 39, 40, 100})
    void aPredictionKnowsTheLabelsThatHadArrivedAndNoOther(int delay) {
        List<Double> predictions = new ArrayList<>();
        String digest;
        try (ShardLearner learner = new ShardLearner(SPEC, "l", 0)) {
            Validation validation = new Validation(
                    learner,
                    new FeatureVector(SPEC.featureSet()),
                    delay,
                    (row, prediction, label, importance) -> {
                        assertThat(row).isEqualTo(predictions.size());
                        assertThat(label).isEqualTo(label((int) row));
                        predictions.add(prediction);
                    },
                    (line, of, problem, rows) -> assertThat(problem).isNull());
            Batch batch = new Batch(SPEC.featureSet());
            for (int i = 0; i < EXAMPLES; i++) {
                fill(i, batch.next());
                batch.add(i, i + 2, i, label(i), 1);
                if (i % 16 == 15) {
                    validation.accept(batch);
                    batch.clear();
                }
            }
            validation.accept(batch);
            validation.end();
            assertThat(validation.learned()).isEqualTo(EXAMPLES);
            digest = learner.digest();
        }
        assertThat(predictions).hasSize(EXAMPLES);
        for (int i = 0; i <= EXAMPLES; i++) {
            try (ShardLearner naive = new ShardLearner(SPEC, "l", 0)) {
                FeatureVector vector = new FeatureVector(SPEC.featureSet());
                int arrived = i == EXAMPLES ? EXAMPLES : Math.max(0, i - delay);
                for (int j = 0; j < arrived; j++) {
                    fill(j, vector);
                    naive.learn(j, vector, label(j), 1, j);
                }
                if (i == EXAMPLES) {
                    assertThat(digest).isEqualTo(naive.digest());
                } else {
                    fill(i, vector);
                    assertThat(predictions.get(i)).as("example %s", i).isEqualTo(naive.predict(vector));
                }
            }
        }
    }

    private static void fill(int i, FeatureVector vector) {
        Random random = new Random(i);
        vector.clear().categorical(1, random.nextInt(3)).numeric(2, random.nextFloat());
    }

    private static double label(int i) {
        return new Random(7L * i).nextInt(2);
    }
}
