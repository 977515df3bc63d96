package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is known of one aggregate of one entity. Times do not go back: {@code nowMicros} is never less than in a call before. */
interface AggregateState {
    /**
     * Takes an observation from {@code nowMicros} or before.
     *
     * @return whether it was not too old to count
     */
    boolean add(Observation observation, long nowMicros);

    /**
     * Takes back an observation, as far as the function can, and takes another instead: as if it had been so when it was taken.
     *
     * @return whether what is corrected is in sight
     */
    boolean correct(Correction correction, long nowMicros);

    /**
     * Forgets what is out of sight now.
     *
     * @return whether there was any
     */
    boolean advance(long nowMicros);

    /** When the next is out of sight; {@code Long.MAX_VALUE} for never. */
    long nextChange();

    /** When all is out of sight unless more comes; {@code Long.MAX_VALUE} for never. */
    long validUntil();

    /** The value; none where nothing is in sight. */
    @Nullable
    Summary summary(long nowMicros);

    boolean isEmpty();

    /** About how much memory it takes, in bytes. */
    int memory();

    void write(StateOutput out);

    /**
     * Replaces this by what {@link #write} wrote.
     *
     * @param hasCounts whether it is of a format that says of how many observations a state is
     */
    void read(ByteBuffer in, boolean hasCounts);
}
