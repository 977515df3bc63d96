package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with a deployment, in one message. */
public final class DeploymentException extends Exception {
    private static final long serialVersionUID = 1L;

    DeploymentException(List<Problem> problems) {
        this("deployment", problems, List.of());
    }

    /**
     * @param of what is wrong
     * @param ways what mends it, a line each
     */
    DeploymentException(String of, List<Problem> problems, List<String> ways) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ", of + ":\n  ", ""))
                + ways.stream().map(way -> "\n" + way).collect(Collectors.joining()));
    }
}
