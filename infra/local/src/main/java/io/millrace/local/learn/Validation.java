package io.millrace.local.learn;

import io.millrace.trainer.learn.PredictionSink;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Progressive validation with labels that arrive late. With a delay of D, example i is predicted when it arrives, by what was
 * learned of the examples before i - D, and is learned after example i + D has been predicted; what is outstanding at the end
 * arrives then. Without a delay the predictions are the learner's own.
 *
 * <p>Not thread-safe.
 */
final class Validation {
    /** Receives what could not be learned; may throw. */
    @FunctionalInterface
    interface Rejections {
        /**
         * @param line of the example at fault
         * @param of its label and, where it is known, its largest number
         * @param rows how many were lost: it, and those of its mini-batch
         */
        void rejected(long line, String of, Problem problem, long rows);
    }

    /** Above the largest mini-batch. */
    private static final int LINES = 1 << 13;

    private record Waiting(long row, long line, byte[] vector, double label, double weight) {}

    private final ShardLearner learner;
    private final int delay;
    private final long first;
    private final PredictionSink sink;
    private final Rejections rejections;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final FeatureVector late;
    private final long[] lines = new long[LINES];
    private final double[] labels = new double[LINES];
    private long lastTime;
    private long learned;
    private long elements;

    /**
     * @param sink receives each prediction once, with the row's number in the file as its offset; and NaN as the label of an
     *     example that has none, which is predicted at once and not learned
     */
    Validation(ShardLearner learner, FeatureVector scratch, int delay, PredictionSink sink, Rejections rejections) {
        this.learner = learner;
        this.late = scratch;
        this.delay = delay;
        this.first = learner.offset();
        this.sink = sink;
        this.rejections = rejections;
        if (delay == 0) {
            learner.onPrediction(this::predicted);
        }
    }

    /** Where mini-batches of an earlier run are finished, its rows are told; they are not of this file. */
    private void predicted(long offset, double prediction, double label, double importance) {
        if (offset >= first) {
            sink.predicted(offset - first, prediction, label, importance);
        }
    }

    void accept(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            accept(batch, i);
        }
    }

    private void accept(Batch batch, int i) {
        lastTime = batch.timeMicros(i);
        FeatureVector vector = batch.vector(i);
        if (Double.isNaN(batch.label(i))) {
            sink.predicted(batch.row(i), learner.predict(vector), Double.NaN, batch.weight(i));
            return;
        }
        if (delay == 0) {
            learn(batch.row(i), batch.line(i), vector, batch.label(i), batch.weight(i));
            return;
        }
        sink.predicted(batch.row(i), learner.predict(vector), batch.label(i), batch.weight(i));
        waiting.addLast(new Waiting(batch.row(i), batch.line(i), vector.pack(), batch.label(i), batch.weight(i)));
        if (waiting.size() > delay) {
            arrive(waiting.removeFirst());
        }
    }

    /** Learns what is outstanding, and tells what is predicted for a mini-batch that is not full. */
    void end() {
        while (!waiting.isEmpty()) {
            arrive(waiting.removeFirst());
        }
        if (delay == 0) {
            learner.tellPending(this::predicted);
        }
    }

    private void arrive(Waiting example) {
        late.unpack(example.vector());
        learn(example.row(), example.line(), late, example.label(), example.weight());
    }

    private void learn(long row, long line, FeatureVector vector, double label, double weight) {
        lines[(int) (row % LINES)] = line;
        labels[(int) (row % LINES)] = label;
        long before = learner.rejected();
        Optional<Problem> problem = learner.learn(first + row, vector, label, weight, lastTime);
        if (problem.isPresent()) {
            long fault = atFault(row);
            int place = (int) (fault % LINES);
            rejections.rejected(
                    lines[place],
                    Conspicuous.of(labels[place], fault == row ? vector : null),
                    Conspicuous.ofRow(problem.get()),
                    learner.rejected() - before);
        }
        learned++;
        elements += learner.elements();
    }

    /** An earlier run's example that waited for this file's is no line of it: then the one that filled the mini-batch. */
    private long atFault(long row) {
        long fault = learner.fault() - first;
        return fault > row - LINES && fault >= 0 && fault < row ? fault : row;
    }

    /** Examples given to the learner. */
    long learned() {
        return learned;
    }

    /** Mean number of elements that the model saw of an example, the constant among them. */
    double meanElements() {
        return (double) elements / learned;
    }
}
