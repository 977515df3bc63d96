package io.millrace.features.job;

import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A record on its way from a job to its topic, packed: a byte of topic, the length of the key as an {@code int}, the key in
 * UTF-8, then the record in single-object encoding.
 */
record Departure(Topic topic, String key, byte[] value) {
    private static final Topic[] TOPICS = Topic.values();

    /** That there is nothing under a key any more. */
    static Departure tombstone(Topic topic, String key) {
        return new Departure(topic, key, new byte[0]);
    }

    /** Whether there is nothing under the key any more. */
    boolean isTombstone() {
        return value.length == 0;
    }

    byte[] pack() {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + keyBytes.length + value.length)
                .put((byte) topic.ordinal())
                .putInt(keyBytes.length)
                .put(keyBytes)
                .put(value)
                .array();
    }

    static Departure unpack(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        Topic topic = TOPICS[in.get()];
        byte[] keyBytes = new byte[in.getInt()];
        in.get(keyBytes);
        byte[] value = Arrays.copyOfRange(packed, in.position(), packed.length);
        return new Departure(topic, new String(keyBytes, StandardCharsets.UTF_8), value);
    }
}
