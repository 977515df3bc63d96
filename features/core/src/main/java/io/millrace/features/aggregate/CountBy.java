package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** A count for each category, decayed or not; beyond {@value #MOST} categories the rarest makes room. */
final class CountBy implements Partial {
    static final int MOST = 1000;

    private final Decay decay;
    private final TreeMap<Long, Sums> counts = new TreeMap<>();

    CountBy(Decay decay) {
        this.decay = decay;
    }

    @Override
    public void add(Observation observation) {
        of(observation.category()).add(observation);
        makeRoom();
    }

    private Sums of(long category) {
        return counts.computeIfAbsent(category, absent -> new Sums(decay, false));
    }

    private void makeRoom() {
        while (counts.size() > MOST) {
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
            counts.remove(rarest);
        }
    }

    @Override
    public void merge(Partial other) {
        ((CountBy) other).counts.forEach((category, sums) -> of(category).merge(sums));
        makeRoom();
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
    public Summary summary(long timeMicros) {
        double[] numbers = counts.values().stream()
                .mapToDouble(sums -> sums.summary(timeMicros).numbers()[0])
                .toArray();
        return new Summary(
                numbers, counts.keySet().stream().mapToLong(Long::longValue).toArray());
    }
}
