package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseDoubles;
import io.millrace.trainer.score.DenseSpan;


/**
 * What a learner must know of the whole stream to be free of its units: how many elements an example has, and how large its
 * labels are. All lies in hidden floats of the model's table.
 *
 * <p>Not thread-safe.
 */
final class StreamScale {
    private final Loss loss;
    private final ParameterTable table;
    private final DenseSpan span;
    private double importance;
    private double norm;
    private double squares;

    StreamScale(Loss loss, ParameterTable table, DenseSpan span) {
        this.loss = loss;
        this.table = table;
        this.span = span;
    }

    /** What is known so far. */
    void read() {
        importance = get(0);
        norm = get(1);
        squares = get(2);
    }

    /** Takes an example's label into account; {@link #write} keeps that. */
    void observe(Instance instance, double margin) {
        double offset = instance.vector().offset();
        double reach = Math.max(Math.abs(instance.label() - offset), Math.abs(margin - offset));
        importance += instance.importance();
        squares += instance.importance()
                * switch (loss) {
                    case LOGISTIC -> 0;
                    case SQUARED, ABSOLUTE -> reach * reach;
                    case POISSON -> instance.label() * instance.label();
                };
    }

    /**
     * Takes the same example's values into account.
     *
     * @param size the sum of their squares, each relative to the largest of its kind
     */
    void observeSize(Instance instance, double size) {
        norm += instance.importance() * size;
    }

    /** How many elements an example has on average, by {@code size}; 1 before there was any. */
    double size() {
        return norm > 0 ? norm / importance : 1;
    }

    /** The unit of margins: 1 where they are logarithms, else the root mean square of what there is to say. */
    double margin() {
        return switch (loss) {
            case LOGISTIC, POISSON -> 1;
            case SQUARED, ABSOLUTE -> rootMeanSquare();
        };
    }

    /** The unit of slopes: their bound where the loss has one. */
    double slope() {
        return switch (loss) {
            case LOGISTIC, ABSOLUTE -> 1;
            case SQUARED -> rootMeanSquare();
            case POISSON -> Math.max(1, rootMeanSquare());
        };
    }

    /** 0, or NaN where a sum is not finite. */
    float overflow() {
        return (float) (0 * importance + 0 * norm + 0 * squares);
    }

    void write() {
        put(0, importance);
        put(1, norm);
        put(2, squares);
    }

    private double rootMeanSquare() {
        return importance > 0 ? Math.sqrt(squares / importance) : 0;
    }

    private double get(int number) {
        int at = number * DenseDoubles.FLOATS;
        return DenseDoubles.join(part(at), part(at + 1), part(at + 2));
    }

    private float part(int at) {
        return table.get(span.hiddenRow(at), span.hiddenColumn(at));
    }

    private void put(int number, double sum) {
        for (int part = 0; part < DenseDoubles.FLOATS; part++) {
            int at = number * DenseDoubles.FLOATS + part;
            table.put(span.hiddenRow(at), span.hiddenColumn(at), DenseDoubles.part(sum, part));
        }
    }
}
