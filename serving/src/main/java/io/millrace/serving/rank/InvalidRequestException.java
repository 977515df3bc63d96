package io.millrace.serving.rank;

import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.util.List;

/** A request that cannot be answered, with everything that is wrong with it. Trying again does not help. */
public final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidRequestException(String message, List<Problem> problems) {
        super(message);
        this.problems = List.copyOf(problems);
    }

    /** Names the first problem and counts the others. */
    static void throwIfAny(Problems problems) throws InvalidRequestException {
        if (problems.isEmpty()) {
            return;
        }
        String first = problems.list().get(0).toString();
        int others = problems.count() - 1;
        throw new InvalidRequestException(others == 0 ? first : first + ", and " + others + " more", problems.list());
    }

    public List<Problem> problems() {
        return problems;
    }
}
