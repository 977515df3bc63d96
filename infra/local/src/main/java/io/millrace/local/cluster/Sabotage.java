package io.millrace.local.cluster;

/** A mistake that is built in on purpose, so that one sees the verification say no. */
public enum Sabotage {
    NONE,
    /** The join writes at least once. */
    TRANSACTIONS,
    /** A restored learner begins one example too early. */
    OFFSETS
}
