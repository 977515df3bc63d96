package io.millrace.serving.rank;

import io.millrace.wire.Problem;
import java.util.List;

/** A request that cannot be answered, with everything that is wrong with it. Trying again does not help. */
public final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidRequestException(String message, List<Problem> problems) {
        super(message);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
