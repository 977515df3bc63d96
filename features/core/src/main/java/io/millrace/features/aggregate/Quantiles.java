package io.millrace.features.aggregate;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A quantile within 1 % of its value, in at most {@value #MOST_BINS} bins (Masson et al., "DDSketch: a fast and fully-mergeable
 * quantile sketch with relative-error guarantees", VLDB 2019). It draws nothing: the same numbers give the same bins.
 */
final class Quantiles implements Partial {
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
    public Summary summary(long timeMicros) {
        return Summary.of(sketch.getValueAtQuantile(quantile));
    }
}
