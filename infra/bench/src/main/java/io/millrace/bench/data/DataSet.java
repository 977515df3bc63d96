package io.millrace.bench.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Examples in their order, column by column. Immutable, as long as nobody writes to the arrays.
 *
 * @param origin one sentence: where they come from
 * @param crosses combinations of categorical columns that a linear model is given besides the columns
 * @param labels what is to be predicted
 */
public record DataSet(String name, String origin, List<Column> columns, List<List<String>> crosses, boolean[] labels) {
    public DataSet {
        columns = List.copyOf(columns);
        crosses = crosses.stream().map(List::copyOf).toList();
    }

    public int size() {
        return labels.length;
    }

    /** Share of positive labels. */
    public double baseRate() {
        int positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        return (double) positives / labels.length;
    }

    /** Whether all columns are numbers: what learners of dense vectors are made for. */
    public boolean isNumeric() {
        return columns.stream().allMatch(Column.Numeric.class::isInstance);
    }

    /** A categorical column by its name. */
    public Column.Categorical categorical(String wanted) {
        return columns.stream()
                .filter(Column.Categorical.class::isInstance)
                .map(Column.Categorical.class::cast)
                .filter(column -> column.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("column: " + wanted
                        + " (expected: a categorical one of "
                        + columns.stream().map(Column::name).toList() + ")"));
    }

    /**
     * The same with labels of earlier examples as columns more: 1 for a positive, -1 for a negative, 0 where the data begin
     * later.
     *
     * @param lags how many examples earlier
     */
    public DataSet withLags(List<Integer> lags) {
        List<Column> more = new ArrayList<>(columns);
        for (int lag : lags) {
            double[] values = new double[labels.length];
            for (int i = lag; i < labels.length; i++) {
                values[i] = labels[i - lag] ? 1 : -1;
            }
            more.add(new Column.Numeric("label_" + lag + "_ago", values));
        }
        return new DataSet(
                name + "+lags", origin + "; with the labels of " + lags + " examples ago", more, crosses, labels);
    }
}
