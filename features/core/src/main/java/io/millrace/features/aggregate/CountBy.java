package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A count for each category, decayed or not. Beyond {@value #MOST} categories a new one takes the place of the rarest, and its count:
 * none is counted too low by more than that (Metwally et al., "Efficient computation of frequent and top-k elements in data
 * streams", ICDT 2005).
 */
final class CountBy implements Partial {
    static final int MOST = 1000;

    private static final int MEMORY = 72;
    private static final int CATEGORY = 64;
    private final Decay decay;
    private final TreeMap<Long, Sums> counts = new TreeMap<>();

    CountBy(Decay decay) {
        this.decay = decay;
    }

    @Override
    public void add(Observation observation) {
        of(observation.category()).add(observation);
    }

    @Override
    public boolean correct(Correction correction) {
        @Nullable Observation wrong = correction.wrong();
        @Nullable Sums sums = wrong == null ? null : counts.get(wrong.category());
        if (sums != null) {
            sums.correct(new Correction(correction.knownMicros(), wrong, null));
            if (sums.isOfNothing()) {
                counts.remove(wrong.category());
            }
        }
        if (correction.right() != null) {
            add(correction.right());
        }
        return true;
    }

    private Sums of(long category) {
        Sums known = counts.get(category);
        if (known != null) {
            return known;
        }
        Sums sums = counts.size() < MOST ? new Sums(decay, false, true) : counts.remove(rarest());
        counts.put(category, sums);
        return sums;
    }

    private long rarest() {
        long timeMicros =
                counts.values().stream().mapToLong(Sums::atMicros).max().orElseThrow();
        long rarest = counts.firstKey();
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<Long, Sums> entry : counts.entrySet()) {
            double count = entry.getValue().summary(timeMicros).numbers()[0];
            if (count < least) {
                least = count;
                rarest = entry.getKey();
            }
        }
        return rarest;
    }

    @Override
    public void merge(Partial other) {
        ((CountBy) other).counts.forEach((category, sums) -> of(category).merge(sums));
    }

    @Override
    public boolean isEmpty() {
        return counts.isEmpty();
    }

    @Override
    public void write(StateOutput out) {
        out.putInt(counts.size());
        counts.forEach((category, sums) -> {
            out.putLong(category);
            sums.write(out);
        });
    }

    @Override
    public void read(ByteBuffer in) {
        counts.clear();
        for (int i = in.getInt(); i > 0; i--) {
            of(in.getLong()).read(in);
        }
    }

    @Override
    public int memory() {
        return MEMORY + counts.size() * (CATEGORY + Sums.MEMORY);
    }

    @Override
    public Summary summary(long timeMicros) {
        double[] numbers = counts.values().stream()
                .mapToDouble(sums -> sums.summary(timeMicros).numbers()[0])
                .toArray();
        return new Summary(
                numbers, counts.keySet().stream().mapToLong(Long::longValue).toArray());
    }
}
