package io.millrace.features.spec;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate is over.
 *
 * @param kind a kind of event, a kind of feedback, or {@value #LABEL}
 * @param field a field of it, where the function needs one
 */
public record Operand(String kind, @Nullable String field) implements Serializable {
    /** A slot's label, when it is given: one for each slot shown. */
    public static final String LABEL = "label";

    @Override
    public String toString() {
        return field == null ? kind : kind + "." + field;
    }
}
