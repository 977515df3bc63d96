package io.millrace.ingestion.source;

import org.jspecify.annotations.Nullable;

/** A registry gives no answer: nothing can be said about the record, and it has to be tried again. */
public final class SchemaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SchemaUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
