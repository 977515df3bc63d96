package io.millrace.local.model;

/** A change that may not be made; its message says why. */
final class WrongChange extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongChange(String message) {
        super(message);
    }
}
