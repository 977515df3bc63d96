package io.millrace.trainer.learn;

import io.millrace.features.encode.BinEdges;
import io.millrace.features.encode.FeatureHash;
import io.millrace.features.encode.QuantileBins;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseSpan;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.QuantileSample;
import io.millrace.vector.FeatureVector;
import java.util.Arrays;

/**
 * Finds the edges of quantile bins. Of each feature's values, a uniform sample is kept (Vitter, "Random sampling with a
 * reservoir", ACM TOMS 1985, algorithm R; its draws are hashes of the count). The edges are the sample's quantiles, taken
 * anew when the number of values reaches a power of two, from 32 on: they move less and less often, and what a weight means
 * moves with them no more than that. After 2^44 values the sample stays.
 *
 * <p>Everything lies in the model's table. Not thread-safe.
 */
final class BinLearner implements BinEdges {
    private static final int FIRST = 32;
    private static final int COUNT_LOW = QuantileSample.SIZE;
    private static final int COUNT_HIGH = QuantileSample.SIZE + 1;
    private static final int LOW_BITS = 20;
    private static final long MOST = 1L << 44;

    private final Layout layout;
    private final ParameterTable table;
    private final int[] positions;

    BinLearner(PipelineSpec spec, Layout layout, ParameterTable table) {
        this.layout = layout;
        this.table = table;
        this.positions = QuantileBins.features(spec).stream()
                .mapToInt(spec.featureSet()::indexOf)
                .toArray();
    }

    @Override
    public float edge(int feature, int edge) {
        return layout.edge(table, feature, edge);
    }

    /** Takes a vector's values into account. */
    void observe(FeatureVector vector) {
        for (int feature = 0; feature < positions.length; feature++) {
            if (vector.isPresent(positions[feature])) {
                observe(feature, vector.value(vector.from(positions[feature])));
            }
        }
    }

    private void observe(int feature, float value) {
        DenseSpan span = layout.bins().get(feature);
        long count = (long) get(span, COUNT_HIGH) << LOW_BITS | (long) get(span, COUNT_LOW);
        if (count >= MOST) {
            return;
        }
        long place =
                count < QuantileSample.SIZE ? count : Math.floorMod(FeatureHash.combine(feature, count), count + 1);
        if (place < QuantileSample.SIZE) {
            put(span, (int) place, value);
        }
        count++;
        put(span, COUNT_LOW, count & (1 << LOW_BITS) - 1);
        put(span, COUNT_HIGH, count >>> LOW_BITS);
        if (count >= FIRST && Long.bitCount(count) == 1) {
            takeQuantiles(span, (int) Math.min(count, QuantileSample.SIZE));
        }
    }

    private void takeQuantiles(DenseSpan span, int size) {
        float[] sample = new float[size];
        for (int i = 0; i < size; i++) {
            sample[i] = get(span, i);
        }
        Arrays.sort(sample);
        int bins = span.served() + 1;
        for (int edge = 0; edge < span.served(); edge++) {
            float quantile = sample[(int) ((long) (edge + 1) * size / bins)];
            table.put(span.row(edge), span.column(edge), quantile);
        }
    }

    private float get(DenseSpan span, int hidden) {
        return table.get(span.hiddenRow(hidden), span.hiddenColumn(hidden));
    }

    private void put(DenseSpan span, int hidden, float value) {
        table.put(span.hiddenRow(hidden), span.hiddenColumn(hidden), value);
    }
}
