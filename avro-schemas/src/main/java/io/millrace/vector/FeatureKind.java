package io.millrace.vector;

import java.util.Arrays;
import java.util.Optional;

/** What one position of a feature vector holds. Any of them may be missing. */
public enum FeatureKind {
    /** One finite float. */
    NUMERIC("numeric"),
    /** One 64-bit hash of field and value. */
    CATEGORICAL("categorical"),
    /** Distinct hashes, in no order. */
    CATEGORICAL_SET("categorical_set"),
    /** Distinct hashes, each with a finite weight. */
    WEIGHTED_SET("weighted_set"),
    /** Hashes in order, repeats allowed: what somebody looked at, latest last. */
    SEQUENCE("sequence"),
    /** A dense array of finite floats. */
    EMBEDDING("embedding");

    private final String text;

    FeatureKind(String text) {
        this.text = text;
    }

    /** The name used in specs. */
    public String text() {
        return text;
    }

    /** The kind of that name. */
    static Optional<FeatureKind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
    }

    boolean hasHashes() {
        return this == CATEGORICAL || this == CATEGORICAL_SET || this == WEIGHTED_SET || this == SEQUENCE;
    }

    boolean hasValues() {
        return this == NUMERIC || this == WEIGHTED_SET || this == EMBEDDING;
    }

    boolean isSingle() {
        return this == NUMERIC || this == CATEGORICAL;
    }
}
