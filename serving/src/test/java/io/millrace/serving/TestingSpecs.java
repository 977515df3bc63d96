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
        return movies(policy, seed, "shown");
    }

    /** One that logs every candidate, or some of those that are not shown. */
    public static PipelineSpec moviesLogging(String log) {
        return movies("{control: 0.1, popularity: {share: 0.1, by: item}}", 0, log);
    }

    private static PipelineSpec movies(String policy, long seed, String log) {
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
                  log: %s
                feedback:
                  reward: {click: 1.0}
                  final: [click]
                  window: 30m
                  late: 7d
                crosses: [[user, genres], [hour, genres]]
                model: {learner: ftrl, bits: 12, alpha: 0.1, seed: %d}
                policy: %s
                snapshot: {every: 100ms}
                """.formatted(log, seed, policy), "movies.yaml");
    }
}
