package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;

/** How far back an aggregate looks. */
public sealed interface Horizon extends Serializable {
    /** Everything that ever happened. */
    record Ever() implements Horizon {}

    /**
     * What happened in the last {@code length}, in tiles: at time t, everything from {@code floor((t - length) / tile) * tile}
     * on.
     */
    record Window(Duration length, Duration tile) implements Horizon {}

    /** Everything, each weighted by 2 to the power of minus its age over {@code halfLife}. */
    record Decay(Duration halfLife) implements Horizon {}
}
