package io.millrace.vector;

/** Bytes that are no vector of the feature set. Trying again does not help. */
public final class MalformedVectorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedVectorException(String message) {
        super(message);
    }
}
