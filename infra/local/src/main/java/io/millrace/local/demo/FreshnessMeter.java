package io.millrace.local.demo;

import io.millrace.local.demo.Measured.Quantiles;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Measures how long it takes from the acknowledgement of a final feedback to the first decision that was made with a model
 * version that had learned from it.
 *
 * <p>What is known of a feedback arrives in any order: when it was acknowledged, and at which offset of the examples it
 * stands. A version has learned every offset below it. Times are {@link System#nanoTime} of one process. Safe for use by
 * several threads.
 */
final class FreshnessMeter {
    private final Map<String, Long> acknowledged = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::offset));
    private final TreeMap<Long, Long> firstDecisions = new TreeMap<>();
    private final Histogram freshness = new Histogram(TimeUnit.HOURS.toMicros(1), 3);

    private record Waiting(long offset, long acknowledgedNanos) {}

    /** A final feedback was acknowledged; {@code key} names its decision and slot. */
    synchronized void acknowledged(String key, long nanos) {
        Long offset = offsets.remove(key);
        if (offset == null) {
            acknowledged.put(key, nanos);
        } else {
            await(offset, nanos);
        }
    }

    /** The example that a feedback closed stands at this offset. */
    synchronized void example(String key, long offset) {
        Long nanos = acknowledged.remove(key);
        if (nanos == null) {
            offsets.put(key, offset);
        } else {
            await(offset, nanos);
        }
    }

    /** A decision was made with a model of this version. */
    synchronized void decided(long version, long nanos) {
        if (!firstDecisions.isEmpty() && firstDecisions.lastKey() >= version) {
            return;
        }
        firstDecisions.put(version, nanos);
        while (!waiting.isEmpty() && waiting.peek().offset() < version) {
            resolve(waiting.remove());
        }
    }

    /** Acknowledged feedback of which no example has been seen. */
    synchronized int unjoined() {
        return acknowledged.size();
    }

    /** The offset after the last example that a feedback closed and no decision has used. */
    synchronized long awaitedVersion() {
        return waiting.stream().mapToLong(Waiting::offset).max().orElse(-1) + 1;
    }

    /** What has been measured so far. */
    synchronized Quantiles soFar() {
        return Percentiles.millis(freshness);
    }

    /** What has been measured, with everything that was acknowledged by then and not learned at its age. */
    synchronized Quantiles until(long nanos) {
        Histogram all = freshness.copy();
        acknowledged.values().stream().filter(since -> since <= nanos).forEach(since -> record(all, nanos - since));
        waiting.stream()
                .filter(item -> item.acknowledgedNanos() <= nanos)
                .forEach(item -> record(all, nanos - item.acknowledgedNanos()));
        return Percentiles.millis(all);
    }

    private void await(long offset, long nanos) {
        Waiting item = new Waiting(offset, nanos);
        if (firstDecisions.higherKey(offset) == null) {
            waiting.add(item);
        } else {
            resolve(item);
        }
    }

    private void resolve(Waiting item) {
        record(freshness, firstDecisions.higherEntry(item.offset()).getValue() - item.acknowledgedNanos());
    }

    private static void record(Histogram histogram, long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos));
        histogram.recordValue(Math.min(micros, histogram.getHighestTrackableValue()));
    }
}
