package io.millrace.bench.data;

import java.util.ArrayList;
import java.util.List;

/** What a linear model is told of a column, example by example: as Millrace's own models see it, but for the names. */
@FunctionalInterface
public interface Elements {
    /**
     * One weight's text and value.
     *
     * @param text tells it from others of its column; empty where the column has but one
     */
    record Element(String text, float value) {}

    /** None where the column is missing. */
    List<Element> at(int example);

    static Elements of(Column column) {
        if (column instanceof Column.Categorical categorical) {
            return i ->
                    categorical.codes()[i] == Column.MISSING ? List.of() : List.of(new Element(categorical.text(i), 1));
        }
        if (column instanceof Column.Several several) {
            return i -> {
                List<Element> elements = new ArrayList<>();
                for (int e = 0; e < several.codes()[i].length; e++) {
                    elements.add(new Element(several.texts().apply(several.codes()[i][e]), several.weights()[i][e]));
                }
                return elements;
            };
        }
        return of((Column.Numeric) column);
    }

    private static Elements of(Column.Numeric column) {
        Elements present = present(column);
        return i -> Double.isNaN(column.values()[i]) ? List.of() : present.at(i);
    }

    private static Elements present(Column.Numeric column) {
        double[] values = column.values();
        return switch (column.bins()) {
            case "" -> i -> List.of(new Element("", (float) values[i]));
            case "quantiles" -> new QuantileBins(values)::at;
            default -> {
                double width = Double.parseDouble(column.bins());
                yield i -> List.of(new Element(Long.toString((long) Math.floor((float) values[i] / width)), 1));
            }
        };
    }
}
