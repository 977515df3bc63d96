package io.millrace.features.job.backfill;

import io.millrace.wire.Problem;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A file of a history is not what it should be, or the topics do not go on where it ends. Trying again does not help. */
public final class HistoryException extends IOException {
    private static final long serialVersionUID = 1L;

    public HistoryException(Problem problem) {
        this(problem, null);
    }

    public HistoryException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }

    HistoryException(Problem problem, @Nullable Exception cause) {
        super(problem.toString(), cause);
    }
}
