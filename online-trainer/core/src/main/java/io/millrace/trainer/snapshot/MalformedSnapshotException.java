package io.millrace.trainer.snapshot;

import io.millrace.wire.Problem;
import org.jspecify.annotations.Nullable;

/** Bytes that are no delta or no base snapshot, or not the one that was meant. Trying again does not help. */
public final class MalformedSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedSnapshotException(String name, Object value, String expected) {
        this(name, value, expected, null);
    }

    MalformedSnapshotException(String name, Object value, String expected, @Nullable Throwable cause) {
        super(new Problem(name, String.valueOf(value), expected).toString(), cause);
    }
}
