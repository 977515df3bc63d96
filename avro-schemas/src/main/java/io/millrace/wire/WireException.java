package io.millrace.wire;

import org.jspecify.annotations.Nullable;

/** Bytes that could not be read as the record that was expected. */
public abstract sealed class WireException extends RuntimeException
        permits MalformedRecordException, UnknownSchemaException {
    private static final long serialVersionUID = 1L;

    WireException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
