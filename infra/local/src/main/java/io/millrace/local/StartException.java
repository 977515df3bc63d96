package io.millrace.local;

/** What was asked for cannot be started, for a reason that the user can mend: the message says it in one sentence. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
