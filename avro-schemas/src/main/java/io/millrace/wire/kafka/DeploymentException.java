package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with a deployment's settings, in one message. */
public final class DeploymentException extends Exception {
    private static final long serialVersionUID = 1L;

    DeploymentException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n  ", "deployment:\n  ", "")));
    }
}
