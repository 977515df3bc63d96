package io.millrace.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers what is wrong with one thing, so that it can be said all at once: the first {@value #LIMIT} are kept, all are
 * counted. Not thread-safe.
 */
public final class Problems implements Consumer<Problem> {
    /** How many are kept. */
    public static final int LIMIT = 50;

    private final List<Problem> kept = new ArrayList<>();
    private int count;

    @Override
    public void accept(Problem problem) {
        count++;
        if (kept.size() < LIMIT) {
            kept.add(problem);
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether what comes now is only counted: a reader that need not know how many there are may stop. */
    public boolean isFull() {
        return kept.size() == LIMIT;
    }

    /** How many were given. */
    public int count() {
        return count;
    }

    /** Those that were kept, in the order in which they were given. */
    public List<Problem> list() {
        return List.copyOf(kept);
    }
}
