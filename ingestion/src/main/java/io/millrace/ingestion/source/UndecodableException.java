package io.millrace.ingestion.source;

import io.millrace.wire.Problem;
import org.jspecify.annotations.Nullable;

/** Bytes that are no record of the declared format, and never will be. */
final class UndecodableException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String RECORD = "record";

    private final transient Problem problem;

    UndecodableException(Problem problem, @Nullable Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    UndecodableException(String value, String expected) {
        this(new Problem(RECORD, value, expected), null);
    }

    UndecodableException(String value, String expected, Throwable cause) {
        this(new Problem(RECORD, value, expected), cause);
    }

    Problem problem() {
        return problem;
    }
}
