package io.millrace.trainer.score;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import java.util.List;

/**
 * From weights to predictions: the one piece of code that the trainer and serving both run, so that the same weights give the
 * same bits on both sides, wherever they lie and however many are scored at once. Scorers hold scratch memory: one a thread.
 */
public interface Scorer extends AutoCloseable {
    /** The scorer of a spec's model family. */
    static Scorer of(PipelineSpec spec) {
        Loss loss = spec.model().loss();
        return switch (spec.model().learner()) {
            case AUTO -> new AutoScorer(spec);
            case FTRL -> new LinearScorer(loss);
            case NORMALIZED, COIN -> new NormalizedScorer(loss);
            case FM ->
                new FactorScorer(
                        loss,
                        (int) spec.model().setting("factors"),
                        spec.featureSet().size());
            case DEEP ->
                new DeepScorer(
                        loss,
                        TowerShape.of(spec),
                        Layout.of(spec).dense(),
                        spec.model().seed());
        };
    }

    /** The prediction on the scale of the loss. */
    double score(Weights weights, SparseVector x);

    /**
     * Predictions for several vectors by the same weights.
     *
     * @param count how many of the vectors count
     * @param out receives one float for each
     */
    default void score(Weights weights, List<SparseVector> vectors, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = (float) score(weights, vectors.get(i));
        }
    }

    /** What a unit of this row's feature, alone, adds to the margin. */
    double weight(Weights weights, int row);

    @Override
    default void close() {}
}
