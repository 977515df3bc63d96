package io.millrace.trainer.snapshot;

import io.millrace.record.ExcludedRange;
import io.millrace.wire.Problem;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Stretches of the log that a lineage passes over, as if they had never been written: part of what determines what is learned.
 * Before the first of them the lineage is, bit for bit, what it would be without. Ranges that meet or overlap are one.
 * Immutable.
 */
public final class Exclusions implements Serializable {
    /** Nothing is passed over. */
    public static final Exclusions NONE = new Exclusions(List.of());

    private static final long serialVersionUID = 1L;

    /** Shard, from, to of each, ascending. */
    private final int[] shards;

    private final long[] from;
    private final long[] to;

    private Exclusions(List<ExcludedRange> merged) {
        shards = merged.stream().mapToInt(ExcludedRange::getShard).toArray();
        from = merged.stream().mapToLong(ExcludedRange::getFrom).toArray();
        to = merged.stream().mapToLong(ExcludedRange::getTo).toArray();
    }

    /**
     * In any order.
     *
     * @throws IllegalArgumentException if a range is empty or of no shard
     */
    public static Exclusions of(List<ExcludedRange> ranges) {
        List<ExcludedRange> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(ExcludedRange::getShard).thenComparingLong(ExcludedRange::getFrom));
        List<ExcludedRange> merged = new ArrayList<>();
        for (ExcludedRange range : sorted) {
            check(range);
            ExcludedRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && last.getShard() == range.getShard() && range.getFrom() <= last.getTo()) {
                last.setTo(Math.max(last.getTo(), range.getTo()));
            } else {
                merged.add(new ExcludedRange(range.getShard(), range.getFrom(), range.getTo()));
            }
        }
        return new Exclusions(merged);
    }

    private static void check(ExcludedRange range) {
        if (range.getShard() < 0) {
            throw new IllegalArgumentException(
                    new Problem("shard", Integer.toString(range.getShard()), "at least 0").toString());
        }
        if (range.getFrom() < 0 || range.getTo() <= range.getFrom()) {
            throw new IllegalArgumentException(new Problem(
                            "excluded range",
                            range.getFrom() + ".." + range.getTo(),
                            "FROM..TO with offsets 0 <= FROM < TO")
                    .toString());
        }
    }

    /** These and another. */
    public Exclusions and(int shard, long fromOffset, long toOffset) {
        List<ExcludedRange> ranges = ranges();
        ranges.add(new ExcludedRange(shard, fromOffset, toOffset));
        return of(ranges);
    }

    /** Whether the example is passed over. */
    public boolean contains(int shard, long offset) {
        for (int i = 0; i < from.length; i++) {
            if (shards[i] == shard && from[i] <= offset && offset < to[i]) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return from.length == 0;
    }

    /** What is passed over, ascending by shard and offset. */
    public List<ExcludedRange> ranges() {
        List<ExcludedRange> ranges = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            ranges.add(new ExcludedRange(shards[i], from[i], to[i]));
        }
        return ranges;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Exclusions exclusions
                && Arrays.equals(shards, exclusions.shards)
                && Arrays.equals(from, exclusions.from)
                && Arrays.equals(to, exclusions.to);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(from) * 31 + Arrays.hashCode(to);
    }

    /** For people: {@code 120..340, 500..510}, with the shard before it where it is not the first. */
    @Override
    public String toString() {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            shown.add((shards[i] == 0 ? "" : "shard " + shards[i] + " ") + from[i] + ".." + to[i]);
        }
        return String.join(", ", shown);
    }
}
