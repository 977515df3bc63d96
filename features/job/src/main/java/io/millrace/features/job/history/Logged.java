package io.millrace.features.job.history;

import io.millrace.wire.Topic;
import java.nio.ByteBuffer;

/**
 * A record with its place, as it travels between operators.
 *
 * @param topic whose table it is for; {@link Topic#DEAD_LETTERS} for one that goes back to Kafka
 * @param timeMicros by which it is filed
 * @param bytes the record, with the newest schema
 */
record Logged(Topic topic, int partition, long offset, long timeMicros, byte[] bytes) {
    private static final int HEADER = 1 + Integer.BYTES + Long.BYTES + Long.BYTES;

    byte[] pack() {
        return ByteBuffer.allocate(HEADER + bytes.length)
                .put((byte) topic.ordinal())
                .putInt(partition)
                .putLong(offset)
                .putLong(timeMicros)
                .put(bytes)
                .array();
    }

    static Logged unpack(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        Topic topic = topic(packed);
        in.get();
        int partition = in.getInt();
        long offset = in.getLong();
        long timeMicros = in.getLong();
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new Logged(topic, partition, offset, timeMicros, bytes);
    }

    static Topic topic(byte[] packed) {
        return Topic.values()[packed[0]];
    }

    static long timeMicros(byte[] packed) {
        return ByteBuffer.wrap(packed).getLong(HEADER - Long.BYTES);
    }

    static boolean isDeadLetter(byte[] packed) {
        return topic(packed) == Topic.DEAD_LETTERS;
    }
}
