package io.millrace.trainer.learn;

import io.millrace.features.spec.ModelSpec;
import io.millrace.trainer.parameters.ParameterTable;
import java.util.List;

/**
 * A way to learn. What it keeps lies in its table, all of it: a learner that is given another's table goes on as that one
 * would have, bit by bit.
 *
 * <p>Not thread-safe.
 */
public interface Learner extends AutoCloseable {
    /** The learner that a spec names. */
    static Learner of(ModelSpec spec) {
        return switch (spec.learner()) {
            case FtrlLearner.NAME -> new FtrlLearner(spec.loss(), 1 << spec.bits(), FtrlSettings.of(spec));
            default ->
                throw new IllegalArgumentException(
                        "model.learner: " + spec.learner() + " (expected: " + FtrlLearner.NAME + ")");
        };
    }

    /** What the floats of a table's row are called; the first is the weight that a scorer needs. */
    List<String> columns();

    /** The prediction for an instance by the weights as they are, on the scale of the loss. */
    double predict(Instance instance);

    /**
     * Learns one instance.
     *
     * @param prediction what {@link #predict} just said
     * @throws DivergedException if a number is not finite; then nothing has changed
     */
    void learn(Instance instance, double prediction);

    /**
     * Takes a wrong label's effect back, as far as the learner can say what it was, and puts the right one's in its place.
     *
     * @param prediction what {@link #predict} just said
     * @throws DivergedException if a number is not finite; then nothing has changed
     */
    void correct(Instance instance, double prediction);

    /** Everything that the learner knows. */
    ParameterTable table();

    @Override
    void close();
}
