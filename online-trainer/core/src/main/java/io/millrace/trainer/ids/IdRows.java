package io.millrace.trainer.ids;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;

/**
 * Which rows of a learner's table the ids of examples have. For each example to learn: {@link #place}, then {@link #forget} if
 * there is something to forget, then the learner learns, then {@link #learned}, or {@link #undo} if it could not.
 *
 * <p>Between {@code place} and the {@code learned} that finds nothing pending, no row moves: a mini-batch may rely on the rows of
 * its instances.
 */
public sealed interface IdRows permits HashedRows, ExactRows {
    /** Of a spec's ids, in the table of its learner. */
    static IdRows of(PipelineSpec spec, Layout layout, ParameterTable table) {
        return layout.isExact() ? new ExactRows(spec, layout, table) : HashedRows.INSTANCE;
    }

    /** Puts a vector's elements at the rows of their ids, as serving would, to be scored; nothing is counted. */
    void find(SparseVector x);

    /** The same to be corrected: what has no row is taken out. */
    void findKnown(SparseVector x);

    /**
     * The same for an example that is learned: an id that has no row gets one, whether or not its occurrence has a weight.
     *
     * @param timeMicros event time of the example
     */
    void place(SparseVector x, long timeMicros);

    /** Whether the vector placed last has ids that were away for too long, and nothing else waits to be learned. */
    boolean isForgetting();

    /** Forgets these: their rows are as if they were new, and what has no weight any more is taken out of the vector. */
    void forget(SparseVector x);

    /**
     * Counts what was placed, once the learner has nothing pending; then forgets, evicts and grows.
     *
     * @param pending how many instances the learner still holds
     */
    void learned(int pending);

    /** Takes back what was placed since nothing was pending. */
    void undo();

    /** Takes note that the table's rows were replaced. */
    void restored();
}
