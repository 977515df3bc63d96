package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the trainer shows what it learned.
 *
 * @param every between two deltas, wall clock
 * @param base between two base snapshots, wall clock
 * @param guard when it does not; null for never
 */
public record SnapshotSpec(
        Duration every, Duration base, @Nullable GuardSpec guard) implements Serializable {}
