package io.millrace.local.learn;

import io.millrace.ingestion.table.DataException;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with what a run was asked for, gathered so that it is told at once. Not thread-safe. */
final class Problems {
    private final List<String> sentences = new ArrayList<>();

    /** Something that may find problems. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws StartException;
    }

    /** The same without a result. */
    @FunctionalInterface
    interface Check {
        void run() throws StartException;
    }

    void add(Problem problem) {
        sentences.add(problem.toString());
    }

    void addAll(List<Problem> problems) {
        problems.forEach(this::add);
    }

    boolean areNone() {
        return sentences.isEmpty();
    }

    /** What a step gives; null where it found problems, which are gathered. */
    <T> @Nullable T gather(Step<T> step) {
        try {
            return step.take();
        } catch (StartException e) {
            sentences.add(e.getMessage());
            return null;
        }
    }

    void check(Check check) {
        gather(() -> {
            check.run();
            return true;
        });
    }

    /** @throws StartException with a line for each problem */
    void throwIfAny() throws StartException {
        if (!areNone()) {
            throw new StartException(String.join("\n", sentences));
        }
    }

    /**
     * The same where the data are wrong, too.
     *
     * @throws DataException the one given, where nothing else is wrong
     */
    StartException with(DataException data) {
        if (areNone()) {
            throw data;
        }
        return new StartException(String.join("\n", sentences) + "\n" + data.getMessage(), data);
    }
}
