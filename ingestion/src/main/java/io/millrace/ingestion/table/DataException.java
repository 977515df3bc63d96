package io.millrace.ingestion.table;

import io.millrace.wire.Problem;

/**
 * A file, or what was given as one, is not what it should be. The message is one sentence: {@code FILE, line N, column C: value (expected:
 * ...)}. Trying again does not help.
 */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final long line;

    /** For readers of their own: data that are wrong as a whole. */
    public DataException(Problem problem) {
        this(problem, 0);
    }

    DataException(Problem problem, long line) {
        super(problem.toString());
        this.problem = problem;
        this.line = line;
    }

    DataException(Problem problem, long line, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
        this.line = line;
    }

    /** Place, value and expectation. */
    public Problem problem() {
        return problem;
    }

    /** The line, from 1; 0 where the file as a whole is meant. */
    public long line() {
        return line;
    }
}
