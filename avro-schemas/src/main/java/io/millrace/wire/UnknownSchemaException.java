package io.millrace.wire;

import org.jspecify.annotations.Nullable;

/** Written with a schema that the store does not know, yet: trying again later may help. */
public final class UnknownSchemaException extends WireException {
    private static final long serialVersionUID = 1L;

    private final long fingerprint;

    UnknownSchemaException(String message, long fingerprint, @Nullable Throwable cause) {
        super(message, cause);
        this.fingerprint = fingerprint;
    }

    /** CRC-64-AVRO of the writer's schema. */
    public long fingerprint() {
        return fingerprint;
    }
}
