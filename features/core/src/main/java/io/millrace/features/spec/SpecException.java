package io.millrace.features.spec;

import java.util.List;
import java.util.stream.Collectors;

/** A spec that cannot be used, with everything that is wrong with it, in the order of the file. */
public final class SpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<SpecProblem> problems;

    SpecException(String source, List<SpecProblem> problems) {
        super(problems.stream().map(problem -> source + ":" + problem).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<SpecProblem> problems() {
        return problems;
    }
}
