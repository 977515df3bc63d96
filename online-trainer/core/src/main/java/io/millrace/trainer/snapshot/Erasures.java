package io.millrace.trainer.snapshot;

import io.millrace.record.Erasure;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Subjects that a lineage passes over from the log's beginning on, as if nothing had ever been decided for them up to a time:
 * part of what determines what is learned. Immutable.
 */
public final class Erasures implements Serializable {
    /** Nobody is passed over. */
    public static final Erasures NONE = new Erasures(new TreeMap<>());

    private static final long serialVersionUID = 1L;

    private final TreeMap<Long, Long> times;

    private Erasures(TreeMap<Long, Long> times) {
        this.times = times;
    }

    /** In any order; of several of one subject, the last in time counts. */
    public static Erasures of(Collection<Erasure> erasures) {
        return NONE.and(erasures);
    }

    /** These and others. */
    public Erasures and(Collection<Erasure> others) {
        TreeMap<Long, Long> all = new TreeMap<>(times);
        others.forEach(erasure -> all.merge(erasure.getSubject(), erasure.getTimeMicros(), Math::max));
        return new Erasures(all);
    }

    /** By hash, ascending. */
    public List<Erasure> records() {
        return times.entrySet().stream()
                .map(entry -> new Erasure(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Hash of each subject, and event time of the last decision that is passed over. */
    Map<Long, Long> times() {
        return times;
    }

    public boolean isEmpty() {
        return times.isEmpty();
    }

    public int size() {
        return times.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Erasures erasures && times.equals(erasures.times);
    }

    @Override
    public int hashCode() {
        return times.hashCode();
    }

    /** For people: {@code 2 subjects}. */
    @Override
    public String toString() {
        return size() + (size() == 1 ? " subject" : " subjects");
    }
}
