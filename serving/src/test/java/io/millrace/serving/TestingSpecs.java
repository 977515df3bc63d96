package io.millrace.serving;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;

/** Specs of a small movie pipeline with every kind of feature. */
public final class TestingSpecs {
    private TestingSpecs() {}

    public static PipelineSpec movies() {
        return movies("{control: 0.1, popularity: {share: 0.1, by: item}}", 0);
    }

    public static PipelineSpec movies(String policy, long seed) {
        return SpecReader.read("""
                pipeline: movies
                decision:
                  subject: user
                  context: {hour: categorical, weather: weighted_set}
                  candidate:
                    item: categorical
                    genres: categorical_set
                    age_days: numeric
                    seen: sequence
                    vector: embedding
                    studio: categorical
                  slots: 2
                feedback:
                  reward: {click: 1.0}
                  final: [click]
                  window: 30m
                  late: 7d
                crosses: [[user, genres], [hour, genres]]
                model: {learner: ftrl, bits: 12, alpha: 0.1, seed: %d}
                policy: %s
                snapshot: {every: 100ms}
                """.formatted(seed, policy), "movies.yaml");
    }
}
