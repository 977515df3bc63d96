package io.millrace.features.aggregate;

import org.jspecify.annotations.Nullable;

/** One thing that happened, and its fields. */
public interface Facts {
    /** Whether it is of a kind; it may be of several. */
    boolean is(String kind);

    /** Whether it can be told what a field was, missing or not; what asks for one of which it cannot says nothing. */
    default boolean knows(String field) {
        return true;
    }

    /** Event time, microseconds since 1970 UTC. */
    long timeMicros();

    /** Event time at which all that it says is known: its own, or later where it corrects what happened later. */
    default long knownMicros() {
        return timeMicros();
    }

    /** A hash of its id, as one of a kind. */
    long id(String kind);

    /** A number; not a number where there is none. */
    double number(String field);

    /** The hashes of a categorical field or of the elements of a set, as {@code FeatureHash} makes them; none where it is missing. */
    long[] categories(String field);

    /** What it corrects; null where it says nothing of what was said before. */
    default @Nullable Corrected corrected() {
        return null;
    }

    /** One thing as it was said to have happened, and as it happened: of the same time, id and entities. */
    record Corrected(Facts wrong, Facts right) {}
}
