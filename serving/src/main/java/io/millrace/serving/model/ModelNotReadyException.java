package io.millrace.serving.model;

import io.millrace.wire.Problem;

/** Published versions are still being read: whoever decided now would do so with an older one than has served before. It passes. */
public final class ModelNotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelNotReadyException() {
        super(problem().toString());
    }

    /** What is missing, and what for. */
    public static Problem problem() {
        return Problem.missing(
                "model", "a version that has what was published before this process started; it is being read");
    }
}
