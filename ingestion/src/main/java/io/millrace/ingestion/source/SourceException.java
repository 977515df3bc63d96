package io.millrace.ingestion.source;

import io.millrace.wire.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Sources that cannot be read as the spec says, with everything that is wrong. */
public final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public SourceException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ", "sources:\n  ", "")));
        this.problems = List.copyOf(problems);
    }

    /** Each of them. */
    public List<Problem> problems() {
        return problems;
    }
}
