package io.millrace.trainer.learn;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.LearnedNumeric;
import io.millrace.features.encode.Numerics;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseDoubles;
import io.millrace.trainer.score.DenseSpan;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.NumericState;
import io.millrace.vector.FeatureVector;
import java.util.Arrays;
import java.util.List;

/**
 * Learns about the values of numeric features.
 *
 * <p>Of each feature's values, a uniform sample is kept (Vitter, "Random sampling with a reservoir", ACM TOMS 1985, algorithm
 * R; its draws are hashes of the count). The centres of N bins are the sample's quantiles (i + 1/2) / N, taken anew when the
 * number of values reaches a power of two, from 32 on: they move less and less often, and what a weight means moves with them
 * no more than that. Mean and variance are those of all values (Welford, "Note on a method for calculating corrected sums of
 * squares and products", Technometrics 1962).
 *
 * <p>Everything lies in the model's table. Not thread-safe.
 */
final class NumericLearner implements Numerics {
    private static final long FIRST = 32;
    private static final int COUNT = 0;
    private static final int MEAN = 1;
    private static final int SQUARES = 2;

    private final Layout layout;
    private final ParameterTable table;
    private final List<LearnedNumeric> features;
    private float[] noted = new float[16];
    private int size;

    NumericLearner(PipelineSpec spec, Layout layout, ParameterTable table) {
        this.layout = layout;
        this.table = table;
        this.features = LearnedNumeric.of(spec);
    }

    @Override
    public float get(int feature, int number) {
        return layout.numerics().get(feature).get(table, number);
    }

    /** Takes note of a vector's values. */
    void note(FeatureVector vector) {
        for (int feature = 0; feature < features.size(); feature++) {
            int position = features.get(feature).position();
            if (size == noted.length) {
                noted = Arrays.copyOf(noted, size * 2);
            }
            noted[size++] = vector.isPresent(position) ? vector.value(vector.from(position)) : Float.NaN;
        }
    }

    /** Takes what was noted into account: centres must not move while examples wait that were seen through them. */
    void commit() {
        for (int i = 0; i < size; i++) {
            if (!Float.isNaN(noted[i])) {
                observe(i % features.size(), noted[i]);
            }
        }
        size = 0;
    }

    /** Forgets what was noted. */
    void discard() {
        size = 0;
    }

    private void observe(int feature, float value) {
        DenseSpan span = layout.numerics().get(feature);
        long before = (long) number(span, COUNT);
        long place =
                before < NumericState.SAMPLE ? before : Math.floorMod(FeatureHash.combine(feature, before), before + 1);
        if (place < NumericState.SAMPLE) {
            put(span, (int) place, value);
        }
        long count = before + 1;
        putNumber(span, COUNT, count);
        if (features.get(feature).standardized()) {
            observeMoments(span, features.get(feature), value, count);
        }
        if (count >= FIRST && Long.bitCount(count) == 1) {
            takeQuantiles(span, features.get(feature).bins(), (int) Math.min(count, NumericState.SAMPLE));
        }
    }

    private void observeMoments(DenseSpan span, LearnedNumeric feature, float value, long count) {
        double before = number(span, MEAN);
        double mean = before + (value - before) / count;
        double squares = number(span, SQUARES) + (value - before) * (value - mean);
        putNumber(span, MEAN, mean);
        putNumber(span, SQUARES, squares);
        double deviation = Math.sqrt(squares / count);
        float inverse = (float) (1 / deviation);
        putServed(span, feature.bins(), (float) mean);
        putServed(span, feature.bins() + 1, Float.isFinite(inverse) ? inverse : 0);
    }

    private void takeQuantiles(DenseSpan span, int bins, int size) {
        float[] sample = new float[size];
        for (int i = 0; i < size; i++) {
            sample[i] = table.get(span.hiddenRow(i), span.hiddenColumn(i));
        }
        Arrays.sort(sample);
        for (int bin = 0; bin < bins; bin++) {
            putServed(span, bin, sample[(int) ((2L * bin + 1) * size / (2L * bins))]);
        }
    }

    private double number(DenseSpan span, int number) {
        int at = NumericState.SAMPLE + number * DenseDoubles.FLOATS;
        return DenseDoubles.join(get(span, at), get(span, at + 1), get(span, at + 2));
    }

    private void putNumber(DenseSpan span, int number, double value) {
        for (int part = 0; part < DenseDoubles.FLOATS; part++) {
            put(span, NumericState.SAMPLE + number * DenseDoubles.FLOATS + part, DenseDoubles.part(value, part));
        }
    }

    private float get(DenseSpan span, int hidden) {
        return table.get(span.hiddenRow(hidden), span.hiddenColumn(hidden));
    }

    private void put(DenseSpan span, int hidden, float value) {
        table.put(span.hiddenRow(hidden), span.hiddenColumn(hidden), value);
    }

    private void putServed(DenseSpan span, int served, float value) {
        table.put(span.row(served), span.column(served), value);
    }
}
