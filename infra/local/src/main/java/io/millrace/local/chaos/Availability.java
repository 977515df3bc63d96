package io.millrace.local.chaos;

import java.util.Map;
import java.util.TreeMap;

/**
 * When something could be had: time in which it was tried and never given, in steps of 100 ms, counts as time without it.
 * Safe for use by several threads.
 */
final class Availability {
    private static final long STEP_NANOS = 100_000_000L;
    private static final long STEP_MS = 100;

    private static final class Step {
        private int tried;
        private int given;
    }

    private final Map<Long, Step> steps = new TreeMap<>();

    synchronized void tried(long nanos, boolean given) {
        Step step = steps.computeIfAbsent(Math.floorDiv(nanos, STEP_NANOS), at -> new Step());
        step.tried++;
        if (given) {
            step.given++;
        }
    }

    synchronized long unavailableMillis() {
        return steps.values().stream().filter(step -> step.given == 0).count() * STEP_MS;
    }

    synchronized long tries() {
        return steps.values().stream().mapToLong(step -> step.tried).sum();
    }
}
