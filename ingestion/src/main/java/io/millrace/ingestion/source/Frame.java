package io.millrace.ingestion.source;

import java.nio.ByteBuffer;

/** Confluent's framing: a zero, the id of the schema in four bytes, most significant first, the record. Stateless. */
final class Frame {
    static final int BYTES = 5;
    private static final String EXPECTED = "the framing of Confluent, 00 and four bytes; without it, framing: none";

    private Frame() {}

    /** @throws UndecodableException if there is no frame */
    static int schemaId(byte[] bytes) {
        if (bytes.length < BYTES) {
            throw new UndecodableException(bytes.length + " bytes", EXPECTED);
        }
        if (bytes[0] != 0) {
            throw new UndecodableException("first byte %02x".formatted(bytes[0] & 0xff), EXPECTED);
        }
        return ByteBuffer.wrap(bytes).getInt(1);
    }
}
