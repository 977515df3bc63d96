package io.millrace.ingestion.collect;

import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one request, up to a limit. Not thread-safe. */
final class Problems {
    static final int LIMIT = 50;

    private final List<Problem> problems = new ArrayList<>();

    /** Notes a problem; those beyond the limit are left out. */
    void add(Problem problem) {
        if (!isFull()) {
            problems.add(problem);
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    boolean isFull() {
        return problems.size() == LIMIT;
    }

    List<Problem> list() {
        return List.copyOf(problems);
    }

    /** All of them in one sentence. */
    String sentence() {
        String count = isFull()
                ? LIMIT + " problems or more"
                : problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return count + " in the request; nothing was written";
    }
}
