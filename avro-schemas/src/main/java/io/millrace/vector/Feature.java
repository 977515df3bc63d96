package io.millrace.vector;

import java.io.Serializable;
import java.util.Objects;

/** A named position of a feature set. */
public record Feature(String name, FeatureKind kind) implements Serializable {
    public Feature {
        Objects.requireNonNull(kind, "kind");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name: empty (expected: a feature's name)");
        }
    }
}
