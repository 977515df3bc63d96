package io.millrace.features.encode;

/** What a model has learned about its numeric features' values, at one version. */
@FunctionalInterface
public interface Numerics {
    /** For models that learn nothing of the kind. */
    Numerics NONE = (feature, number) -> {
        throw new IllegalStateException("numerics: none (expected: those of a model that learns them)");
    };

    /**
     * One number.
     *
     * @param feature which of the spec's {@link LearnedNumeric}s
     * @param number the bins' centres, ascending, then the mean, then the inverse of the standard deviation
     */
    float get(int feature, int number);
}
