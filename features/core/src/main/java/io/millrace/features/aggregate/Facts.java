package io.millrace.features.aggregate;

/** One thing that happened, and its fields. */
public interface Facts {
    /** Whether it is of a kind; it may be of several. */
    boolean is(String kind);

    /** Event time, microseconds since 1970 UTC. */
    long timeMicros();

    /** A hash of its id. */
    long id();

    /** A number; not a number where there is none. */
    double number(String field);

    /** The hashes of a categorical field or of the elements of a set, as {@code FeatureHash} makes them; none where it is missing. */
    long[] categories(String field);
}
