package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseDoubles;
import io.millrace.trainer.score.DenseSpan;

/**
 * What a learner must know of the whole stream to be free of its units: how many elements an example has, and how large its
 * labels are. {@link #flush} puts it into hidden floats of the model's table. Not thread-safe.
 */
final class StreamScale {
    private final Loss loss;
    private final ParameterTable table;
    private final DenseSpan span;
    private final double[] kept = new double[3];
    private double importance;
    private double norm;
    private double squares;
    private boolean flushed = true;

    StreamScale(Loss loss, ParameterTable table, DenseSpan span) {
        this.loss = loss;
        this.table = table;
        this.span = span;
    }

    /** Begins with what is known so far. */
    void begin() {
        importance = kept[0];
        norm = kept[1];
        squares = kept[2];
    }

    /** Takes an example's label into account; {@link #commit} keeps that. */
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

    void commit() {
        kept[0] = importance;
        kept[1] = norm;
        kept[2] = squares;
        flushed = false;
    }

    void flush() {
        for (int i = 0; i < kept.length && !flushed; i++) {
            put(i, kept[i]);
        }
        flushed = true;
    }

    void reload() {
        for (int i = 0; i < kept.length; i++) {
            kept[i] = get(i);
        }
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
