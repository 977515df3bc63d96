package io.millrace.features.aggregate;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A quantile within 1 % of its value, in at most {@value #MOST_BINS} bins (Masson et al., "DDSketch: a fast and fully-mergeable
 * quantile sketch with relative-error guarantees", VLDB 2019). It draws nothing: the same numbers give the same bins.
 */
final class Quantiles implements Partial {
    /** Of some hundred bins, as numbers of a few orders of magnitude have. */
    private static final int MEMORY = 4 << 10;

    private static final double ACCURACY = 0.01;
    private static final int MOST_BINS = 2048;

    private final double quantile;
    private DDSketch sketch = empty();

    Quantiles(double quantile) {
        this.quantile = quantile;
    }

    private static DDSketch empty() {
        return DDSketches.collapsingLowestDense(ACCURACY, MOST_BINS);
    }

    @Override
    public void add(Observation observation) {
        sketch.accept(observation.number());
    }

    @Override
    public boolean correct(Correction correction) {
        boolean isGone =
                correction.wrong() == null || takeBack(correction.wrong().number());
        if (correction.right() != null) {
            add(correction.right());
        }
        return isGone;
    }

    /** Of a bin that has been merged into another one, nothing can be taken back. */
    private boolean takeBack(double number) {
        IndexMapping mapping = sketch.getIndexMapping();
        double least = mapping.minIndexableValue();
        Store negative = sketch.getNegativeValueStore();
        Store positive = sketch.getPositiveValueStore();
        double zeros = sketch.getCount() - negative.getTotalCount() - positive.getTotalCount();
        if (Math.abs(number) <= least) {
            zeros--;
        } else if (number > 0) {
            positive = without(positive, mapping.index(number));
        } else {
            negative = without(negative, mapping.index(-number));
        }
        double left = zeros + negative.getTotalCount() + positive.getTotalCount();
        if (zeros < 0 || left == sketch.getCount()) {
            return false;
        }
        sketch = DDSketch.of(mapping, negative, positive, zeros);
        return true;
    }

    private static Store without(Store store, int index) {
        Store left = new CollapsingLowestDenseStore(MOST_BINS);
        store.forEach((bin, count) -> {
            double kept = bin == index ? count - 1 : count;
            if (kept > 0) {
                left.add(bin, kept);
            }
        });
        return left;
    }

    @Override
    public void merge(Partial other) {
        sketch.mergeWith(((Quantiles) other).sketch);
    }

    @Override
    public boolean isEmpty() {
        return sketch.isEmpty();
    }

    @Override
    public void write(StateOutput out) {
        GrowingByteArrayOutput bytes = GrowingByteArrayOutput.withDefaultInitialCapacity();
        try {
            sketch.encode(bytes, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.putBytes(bytes.trimmedCopy());
    }

    @Override
    public void read(ByteBuffer in) {
        sketch = empty();
        try {
            sketch.decodeAndMergeWith(ByteArrayInput.wrap(StateOutput.getBytes(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int memory() {
        return MEMORY;
    }

    @Override
    public Summary summary(long timeMicros) {
        return Summary.of(sketch.getValueAtQuantile(quantile));
    }
}
