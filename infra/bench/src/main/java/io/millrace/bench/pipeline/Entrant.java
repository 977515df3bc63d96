package io.millrace.bench.pipeline;

import java.io.IOException;

/** One way to learn all examples in order. Not thread-safe. */
public interface Entrant {
    /** Whose learner, and from where it has the examples. */
    String way();

    /** How the learner is set. */
    String setting();

    /** What its time includes, in a few words. */
    String timed();

    /** Learns everything from nothing, once. */
    Lap run() throws IOException, InterruptedException;
}
