package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.PipelineSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores with {@code auto}: its members are linear in values over the largest size that was seen of each, and {@link AutoMix}
 * makes one prediction of theirs. A row is [scale, w_1 ... w_7 | ...].
 */
public final class AutoScorer implements Scorer {
    static final int SCALE = 0;
    static final int FIRST_WEIGHT = 1;

    private final DenseSpan dense;
    private final AutoMix mix;
    private final double[] initial = AutoMix.initial();
    private final double[] margins = new double[AutoMix.MEMBERS];
    private @Nullable Weights decoded;

    AutoScorer(PipelineSpec spec) {
        this.dense = Layout.of(spec).dense();
        this.mix = new AutoMix(spec.model().loss());
    }

    @Override
    public double score(Weights weights, SparseVector x) {
        decode(weights);
        Arrays.fill(margins, 0);
        for (int i = 0; i < x.size(); i++) {
            float value = x.value(i);
            float scale = Math.max(weights.weight(x.index(i), SCALE), Math.abs(value));
            if (scale > 0) {
                float q = value / scale;
                for (int k = 0; k < AutoMix.MEMBERS; k++) {
                    margins[k] += (double) q * weights.weight(x.index(i), FIRST_WEIGHT + k);
                }
            }
        }
        return mix.predict(margins, x.offset());
    }

    @Override
    public double weight(Weights weights, int row) {
        decode(weights);
        float scale = Math.max(1, weights.weight(row, SCALE));
        double sum = 0;
        for (int k = 0; k < AutoMix.MEMBERS; k++) {
            sum += mix.share(k) * weights.weight(row, FIRST_WEIGHT + k) / scale;
        }
        return sum;
    }

    private void decode(Weights weights) {
        if (weights == decoded && weights.isImmutable()) {
            return;
        }
        for (int i = 0; i < AutoMix.NUMBERS; i++) {
            mix.numbers()[i] = DenseDoubles.getFrom(dense, weights, 0, i, initial[i]);
        }
        decoded = weights;
    }
}
