package io.millrace.trainer.score;

/**
 * Where floats that belong to no feature lie in a model's table: from a first row on, the served ones fill the served columns
 * row by row, the hidden ones the others.
 *
 * @param firstRow where it begins
 * @param rows how many rows it takes
 * @param served how many floats a scorer needs
 * @param hidden how many only the learner needs
 * @param servedColumns of the table
 * @param columns of the table
 */
public record DenseSpan(int firstRow, int rows, int served, int hidden, int servedColumns, int columns) {
    static DenseSpan of(int firstRow, int served, int hidden, int servedColumns, int columns) {
        int hiddenColumns = columns - servedColumns;
        if (hidden > 0 && hiddenColumns == 0) {
            throw new IllegalArgumentException(
                    "hidden: " + hidden + " (expected: 0 in a table of served columns only)");
        }
        int rows = Math.max(ratio(served, servedColumns), hidden == 0 ? 0 : ratio(hidden, hiddenColumns));
        return new DenseSpan(firstRow, rows, served, hidden, servedColumns, columns);
    }

    public int row(int servedFloat) {
        return firstRow + servedFloat / servedColumns;
    }

    public int column(int servedFloat) {
        return servedFloat % servedColumns;
    }

    public int hiddenRow(int hiddenFloat) {
        return firstRow + hiddenFloat / (columns - servedColumns);
    }

    public int hiddenColumn(int hiddenFloat) {
        return servedColumns + hiddenFloat % (columns - servedColumns);
    }

    /** A served float, as some weights have it. */
    public float get(Weights weights, int servedFloat) {
        return weights.weight(row(servedFloat), column(servedFloat));
    }

    private static int ratio(int floats, int columns) {
        return (floats + columns - 1) / columns;
    }
}
