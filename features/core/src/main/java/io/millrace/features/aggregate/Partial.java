package io.millrace.features.aggregate;

import java.nio.ByteBuffer;

/**
 * What is known of some observations of one entity: enough to go on, to be merged with what is known of others, and to say
 * their value. Merging partial states gives what all their observations in one state would, bit by bit where no sums are
 * involved, else but for rounding.
 */
interface Partial {
    void add(Observation observation);

    /**
     * Takes back an observation that was added before, if it can, and adds another of the same time instead.
     *
     * @return whether nothing is left in it of what was to be taken back
     */
    boolean correct(Correction correction);

    /** Adds what another state of the same aggregate knows. */
    void merge(Partial other);

    boolean isEmpty();

    void write(StateOutput out);

    /** Replaces this by what {@link #write} wrote. */
    void read(ByteBuffer in);

    /** About how much memory it takes, in bytes. */
    int memory();

    /** The value at a time, which is not before the latest observation. */
    Summary summary(long timeMicros);
}
