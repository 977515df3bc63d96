package io.millrace.features.aggregate;

/** What one thing that happened means for one aggregate of an entity. */
public sealed interface Hit {
    /** Which of the group's. */
    int aggregate();

    /** It counts. */
    record Added(int aggregate, Observation observation) implements Hit {}

    /** It says what should have counted before. */
    record Corrected(int aggregate, Correction correction) implements Hit {}
}
