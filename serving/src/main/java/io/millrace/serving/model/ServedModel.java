package io.millrace.serving.model;

import io.millrace.trainer.snapshot.ModelSnapshot;

/**
 * One version, as it is served. Immutable.
 *
 * @param publishedMicros when the trainer published it, wall clock, microseconds since 1970 UTC
 * @param appliedMicros when it came into use here, wall clock, microseconds since 1970 UTC
 */
public record ServedModel(ModelSnapshot snapshot, long publishedMicros, long appliedMicros) {}
