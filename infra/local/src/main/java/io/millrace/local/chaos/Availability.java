package io.millrace.local.chaos;

import java.util.Map;
import java.util.TreeMap;

/**
 * When something could be had: time in which it was tried and never given, in steps of 100 ms, counts as time without it, and so
 * does the time from a try in vain to the next one.
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
    private long last;
    private boolean failing;

    synchronized void tried(long nanos, boolean given) {
        long now = Math.floorDiv(nanos, STEP_NANOS);
        if (failing) {
            for (long at = last + 1; at < now; at++) {
                step(at).tried++;
            }
        }
        Step step = step(now);
        step.tried++;
        if (given) {
            step.given++;
        }
        if (now >= last || steps.size() == 1) {
            last = now;
            failing = step.given == 0;
        }
    }

    private Step step(long number) {
        return steps.computeIfAbsent(number, made -> new Step());
    }

    synchronized long unavailableMillis() {
        return steps.values().stream().filter(step -> step.given == 0).count() * STEP_MS;
    }

    synchronized long tries() {
        return steps.values().stream().mapToLong(step -> step.tried).sum();
    }
}
