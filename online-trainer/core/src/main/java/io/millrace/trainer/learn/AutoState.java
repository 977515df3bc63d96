package io.millrace.trainer.learn;

import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseDoubles;
import io.millrace.trainer.score.DenseSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays of doubles that are used in place and lie in the table, bit by bit, when somebody looks there. Not thread-safe.
 */
final class AutoState {
    private record Part(double[] numbers, double[] initial, boolean served, int first) {}

    private final DenseSpan span;
    private final ParameterTable table;
    private final List<Part> parts = new ArrayList<>();
    private int served;
    private int hidden;

    AutoState(DenseSpan span, ParameterTable table) {
        this.span = span;
        this.table = table;
    }

    /** Adds an array, as it is at the beginning, of numbers that a scorer needs. */
    void served(double[] numbers) {
        parts.add(new Part(numbers, numbers.clone(), true, served));
        served += numbers.length;
    }

    /** Adds an array, as it is at the beginning, of numbers that only the learner needs. */
    void hidden(double[] numbers) {
        parts.add(new Part(numbers, numbers.clone(), false, hidden));
        hidden += numbers.length;
        if (hidden * DenseDoubles.FLOATS > span.hidden()) {
            throw new IllegalStateException(
                    "hidden: " + hidden + " doubles (expected: at most " + span.hidden() / DenseDoubles.FLOATS + ")");
        }
    }

    /** Writes what changed into the table. */
    void write() {
        for (Part part : parts) {
            for (int i = 0; i < part.numbers().length; i++) {
                for (int f = 0; f < DenseDoubles.FLOATS; f++) {
                    float value = DenseDoubles.partFrom(part.initial()[i], part.numbers()[i], f);
                    int at = (part.first() + i) * DenseDoubles.FLOATS + f;
                    if (table.get(row(part, at), column(part, at)) != value) {
                        table.put(row(part, at), column(part, at), value);
                    }
                }
            }
        }
    }

    /** Takes the arrays' content from the table. */
    void read() {
        for (Part part : parts) {
            for (int i = 0; i < part.numbers().length; i++) {
                int at = (part.first() + i) * DenseDoubles.FLOATS;
                part.numbers()[i] =
                        DenseDoubles.joinFrom(part.initial()[i], get(part, at), get(part, at + 1), get(part, at + 2));
            }
        }
    }

    private float get(Part part, int at) {
        return table.get(row(part, at), column(part, at));
    }

    private int row(Part part, int at) {
        return part.served() ? span.row(at) : span.hiddenRow(at);
    }

    private int column(Part part, int at) {
        return part.served() ? span.column(at) : span.hiddenColumn(at);
    }
}
