package io.millrace.wire;

import org.jspecify.annotations.Nullable;

/** The bytes are no record of the expected type. Trying again does not help. */
public final class MalformedRecordException extends WireException {
    private static final long serialVersionUID = 1L;

    MalformedRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
