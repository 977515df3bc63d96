package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;

/**
 * How the ids of features and crosses find their weights.
 *
 * @param exact whether every id has a row of its own; otherwise ids are hashed into a table of fixed size and may collide
 * @param admit of exact tables: an id gets a weight with its so many-th occurrence
 * @param forget of exact tables: an id without an occurrence for so long, in event time, is forgotten; 0 for never
 * @param rows of exact tables: the most rows
 */
public record IdSpec(boolean exact, int admit, Duration forget, int rows) implements Serializable {
    /** Hashed ids. */
    public static final IdSpec HASHED = new IdSpec(false, 1, Duration.ZERO, 0);
}
