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
    private final Map<String, Learnable> offsets = new HashMap<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::offset));
    private final TreeMap<Long, Long> firstDecisions = new TreeMap<>();
    private final Histogram positive = histogram();
    private final Histogram negative = histogram();

    /** The example that a feedback closed. */
    private record Learnable(long offset, boolean isPositive) {}

    private record Waiting(long offset, boolean isPositive, long acknowledgedNanos) {}

    /** How fresh decisions were of all labels, and of those above 0 and the others. */
    record Freshness(Quantiles all, Quantiles positive, Quantiles negative) {}

    /** A final feedback was acknowledged; {@code key} names its decision and slot. */
    synchronized void acknowledged(String key, long nanos) {
        Learnable example = offsets.remove(key);
        if (example == null) {
            acknowledged.put(key, nanos);
        } else {
            await(example, nanos);
        }
    }

    /** The example that a feedback closed stands at this offset, with a label above 0 or not. */
    synchronized void example(String key, long offset, boolean isPositive) {
        Learnable example = new Learnable(offset, isPositive);
        Long nanos = acknowledged.remove(key);
        if (nanos == null) {
            offsets.put(key, example);
        } else {
            await(example, nanos);
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
        return Percentiles.millis(sum(positive, negative));
    }

    /**
     * What has been measured, with everything that was acknowledged by then and not learned at its age. What has no label by then is
     * of neither sign.
     */
    synchronized Freshness until(long nanos) {
        Histogram above = positive.copy();
        Histogram others = negative.copy();
        waiting.stream()
                .filter(item -> item.acknowledgedNanos() <= nanos)
                .forEach(item -> record(item.isPositive() ? above : others, nanos - item.acknowledgedNanos()));
        Histogram all = sum(above, others);
        acknowledged.values().stream().filter(since -> since <= nanos).forEach(since -> record(all, nanos - since));
        return new Freshness(Percentiles.millis(all), Percentiles.millis(above), Percentiles.millis(others));
    }

    private void await(Learnable example, long nanos) {
        Waiting item = new Waiting(example.offset(), example.isPositive(), nanos);
        if (firstDecisions.higherKey(example.offset()) == null) {
            waiting.add(item);
        } else {
            resolve(item);
        }
    }

    private void resolve(Waiting item) {
        record(
                item.isPositive() ? positive : negative,
                firstDecisions.higherEntry(item.offset()).getValue() - item.acknowledgedNanos());
    }

    private static Histogram histogram() {
        return new Histogram(TimeUnit.HOURS.toMicros(1), 3);
    }

    private static Histogram sum(Histogram one, Histogram other) {
        Histogram sum = one.copy();
        sum.add(other);
        return sum;
    }

    private static void record(Histogram histogram, long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos));
        histogram.recordValue(Math.min(micros, histogram.getHighestTrackableValue()));
    }
}
