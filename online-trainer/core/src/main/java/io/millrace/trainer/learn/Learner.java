package io.millrace.trainer.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import java.util.Map;

/**
 * A way to learn. What it keeps lies in its table, all of it, but for the examples of a mini-batch that is not full yet: a
 * learner that is given another's table, and then the examples that this one still held, goes on as that one would have, bit
 * by bit.
 *
 * <p>Not thread-safe.
 */
public interface Learner extends AutoCloseable {
    /** The learner that a spec names, with a table of zeros. */
    static Learner of(PipelineSpec spec) {
        Layout layout = Layout.of(spec);
        return switch (spec.model().learner()) {
            case AUTO -> new AutoLearner(spec, layout);
            case FTRL -> new FtrlLearner(spec.model().loss(), layout, FtrlSettings.of(spec.model()));
            case NORMALIZED -> new NormalizedLearner(spec.model().loss(), layout, NormalizedSettings.of(spec.model()));
            case COIN -> new CoinLearner(spec.model().loss(), layout, CoinSettings.of(spec.model()));
            case FM -> new FactorLearner(spec, layout);
            case DEEP -> new DeepLearner(spec, layout);
        };
    }

    /**
     * Predicts an instance, then learns it. Where mini-batches are learned, the prediction, and those of the instances before
     * that are {@link #pending}, follow with the last one of the batch.
     *
     * @throws DivergedException if a number is not finite; then nothing has changed, and nothing of the instance, or of its
     *     whole mini-batch, is told to the sink
     */
    void learn(Instance instance, PredictionSink sink);

    /** The prediction for an instance by what is known now, on the scale of the loss. */
    double predict(Instance instance);

    /**
     * Takes a wrong label's effect back, as far as the learner can say what it was, and puts the right one's in its place.
     *
     * @throws DivergedException if a number is not finite; then nothing has changed
     */
    void correct(Instance instance, PredictionSink sink);

    /**
     * Sets a row that nothing was learned for to what another model knew, with an optimiser's state that goes with it, so that
     * learning goes on from there.
     *
     * @throws UnsupportedOperationException if a row is more to this learner than a weight
     */
    default void warmStart(int row, Prior prior) {
        throw new UnsupportedOperationException(
                "warm start: " + getClass().getSimpleName() + " (expected: a linear learner, whose rows are weights)");
    }

    /** How many of the last instances wait for their mini-batch to be full; mostly 0. */
    default int pending() {
        return 0;
    }

    /** Whether instances wait for a mini-batch: where they do, {@link #pending} is 0 again whenever one was learned. */
    default boolean isBatching() {
        return false;
    }

    /** Figures of the learner's own, by name: what an ensemble makes of its members, say. */
    default Map<String, Double> figures() {
        return Map.of();
    }

    /** Puts what the learner holds beside its table for speed into it; to be called before the table is copied or compared. */
    default void flush() {}

    /** Takes up what the table holds after it was filled from a copy. */
    default void reload() {}

    /** Everything that the learner knows, after {@link #flush}. */
    ParameterTable table();

    @Override
    void close();
}
