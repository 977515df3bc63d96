package io.millrace.features.spec;

/** One thing that may stand in a spec: from it come the error texts and the reference page. */
sealed interface Entry permits Setting, Entry.Composite {
    /** Where it stands: {@code policy.epsilon}. */
    String path();

    /** The default as one would write it; empty where it must be given. */
    String initial();

    /** For people, after "expected: ". */
    String expected();

    /** What it does, for the reference page. */
    String text();

    /** The path of what it stands in; empty at the top. */
    default String parent() {
        int dot = path().lastIndexOf('.');
        return dot < 0 ? "" : path().substring(0, dot);
    }

    default String key() {
        return path().substring(path().lastIndexOf('.') + 1);
    }

    default boolean isRequired() {
        return initial().isEmpty();
    }

    /** A map or a list whose keys or elements the writer of the spec names. */
    record Composite(String path, String initial, String expected, String text) implements Entry {}
}
