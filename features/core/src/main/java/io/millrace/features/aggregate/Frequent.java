package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.LongsSketch;
import org.apache.datasketches.memory.Memory;

/**
 * The most frequent categories: exact up to {@value #EXACT} different ones, beyond that none is missed that makes up more than
 * a {@value #EXACT}th of all (Anderson et al., "A high-performance algorithm for identifying frequent items in data streams",
 * IMC 2017).
 */
final class Frequent implements Partial {
    private static final int MEMORY = 200;
    /** An array of keys, one of counts, one of states, of which three quarters are used. */
    private static final int COUNTER = 24;

    private static final int MAP_SIZE = 512;
    private static final int EXACT = MAP_SIZE / 4 * 3;

    private final int most;
    private LongsSketch sketch = new LongsSketch(MAP_SIZE);

    Frequent(int most) {
        this.most = most;
    }

    @Override
    public void add(Observation observation) {
        sketch.update(observation.category());
    }

    /** Once not all are known, none can be taken back. */
    @Override
    public boolean correct(Correction correction) {
        boolean isGone = correction.wrong() == null || sketch.getMaximumError() == 0;
        if (correction.wrong() != null && isGone) {
            takeBack(correction.wrong().category());
        }
        if (correction.right() != null) {
            add(correction.right());
        }
        return isGone;
    }

    private void takeBack(long category) {
        LongsSketch all = sketch;
        sketch = new LongsSketch(MAP_SIZE);
        for (LongsSketch.Row row : all.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES)) {
            long count = row.getEstimate() - (row.getItem() == category ? 1 : 0);
            if (count > 0) {
                sketch.update(row.getItem(), count);
            }
        }
    }

    @Override
    public void merge(Partial other) {
        LongsSketch others = ((Frequent) other).sketch;
        if (!others.isEmpty()) {
            sketch.merge(others);
        }
    }

    @Override
    public boolean isEmpty() {
        return sketch.isEmpty();
    }

    @Override
    public void write(StateOutput out) {
        out.putBytes(sketch.toByteArray());
    }

    @Override
    public void read(ByteBuffer in) {
        sketch = LongsSketch.getInstance(Memory.wrap(StateOutput.getBytes(in)));
    }

    @Override
    public int memory() {
        return MEMORY + COUNTER * sketch.getCurrentMapCapacity();
    }

    @Override
    public Summary summary(long timeMicros) {
        return Summary.of(Arrays.stream(sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
                .sorted(Comparator.comparingLong(LongsSketch.Row::getEstimate)
                        .reversed()
                        .thenComparingLong(LongsSketch.Row::getItem))
                .limit(most)
                .mapToLong(LongsSketch.Row::getItem)
                .toArray());
    }
}
