package io.millrace.trainer;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;

/** Small pipelines to learn in tests. */
public final class TestingSpecs {
    private TestingSpecs() {}

    /** A pipeline of every kind of feature, with crosses. */
    public static PipelineSpec movies() {
        return movies("{learner: ftrl, loss: logistic, bits: 12, seed: 7, alpha: 0.1, beta: 1, l1: 0, l2: 0}");
    }

    /** The same with another model, as it stands in a spec. */
    public static PipelineSpec movies(String model) {
        return movies(model, "{}");
    }

    /** The same with bins of both kinds. */
    public static PipelineSpec binned(String model) {
        return movies(model, "{temperature: quantiles(8), age: 2.5}");
    }

    private static PipelineSpec movies(String model, String bins) {
        String text = """
                pipeline: movies
                decision:
                  subject: user
                  context: {hour: categorical, temperature: numeric}
                  candidate: {item: categorical, genres: categorical_set, words: weighted_set, history: sequence, age: numeric, taste: embedding}
                feedback:
                  reward: {click: 1.0, like: 2.0}
                  final: [rating, dismiss]
                  window: 30m
                  late: 7d
                crosses: [[user, genres], [hour, genres]]
                bins: %s
                model: %s
                policy: {explore: epsilon_greedy, epsilon: 0.05, control: 0.1}
                snapshot: {every: 100ms}
                """;
        return SpecReader.read(text.formatted(bins, model), "test");
    }
}
