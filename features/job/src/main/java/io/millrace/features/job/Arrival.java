package io.millrace.features.job;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A record on its way from its source to the join, packed: a byte of kind, partition, offset, join key and event time in
 * microseconds, big-endian, then the record in single-object encoding.
 */
record Arrival(Kind kind, int partition, long offset, long key, long timeMicros, byte[] value) {
    enum Kind {
        DECISION,
        FEEDBACK,
        /** Something that is for nobody: only its time counts. */
        TIME,
        /** Something that happened, by its id. */
        EVENT,
        /** What happened, for one entity: {@link PackedHits}. */
        HITS,
        /** A finished {@code DeadLetter}; its time says nothing. */
        DEAD_LETTER,
        /** That a decision showed an item to a subject: {@code ShownItem}. */
        SHOWN,
        /** Feedback that names a subject and an item, and no decision. */
        UNNAMED,
        /** That nothing more comes from before its time out of files. */
        END_OF_HISTORY
    }

    /** Where topics have a partition, what comes out of files has this. */
    static final int HISTORY = -1;

    private static final Kind[] KINDS = Kind.values();
    private static final int KEY_AT = 1 + Integer.BYTES + Long.BYTES;
    private static final int TIME_AT = KEY_AT + Long.BYTES;
    private static final int VALUE_AT = TIME_AT + Long.BYTES;

    /** That time has come so far; spread over the tasks by its offset. */
    static Arrival time(int partition, long offset, long timeMicros) {
        return new Arrival(Kind.TIME, partition, offset, offset, timeMicros, new byte[0]);
    }

    byte[] pack() {
        return ByteBuffer.allocate(VALUE_AT + value.length)
                .put((byte) kind.ordinal())
                .putInt(partition)
                .putLong(offset)
                .putLong(key)
                .putLong(timeMicros)
                .put(value)
                .array();
    }

    static Arrival unpack(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        return new Arrival(
                KINDS[in.get()],
                in.getInt(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                Arrays.copyOfRange(packed, VALUE_AT, packed.length));
    }

    static Kind kind(byte[] packed) {
        return KINDS[packed[0]];
    }

    static int partition(byte[] packed) {
        return ByteBuffer.wrap(packed).getInt(1);
    }

    static long key(byte[] packed) {
        return ByteBuffer.wrap(packed).getLong(KEY_AT);
    }

    static long timeMicros(byte[] packed) {
        return ByteBuffer.wrap(packed).getLong(TIME_AT);
    }
}
