package io.millrace.features.aggregate;

/**
 * What one thing that happened means for one aggregate of an entity.
 *
 * @param aggregate which of the group's
 */
public record Hit(int aggregate, Observation observation) {}
