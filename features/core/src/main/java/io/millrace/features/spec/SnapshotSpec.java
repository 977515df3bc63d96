package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;

/**
 * When the trainer shows what it learned.
 *
 * @param every between two deltas, wall clock
 * @param base between two base snapshots, wall clock
 */
public record SnapshotSpec(Duration every, Duration base) implements Serializable {}
