package io.millrace.local.learn;

import io.millrace.features.spec.Loss;
import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Numbers;
import io.millrace.ingestion.table.Row;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Reads a row's label. Not thread-safe. */
final class Target {
    private static final Set<String> LABELS = Set.of("0", "1", "-1", "true", "false");

    private final LabelExpression.@Nullable Test test;
    private final @Nullable Column column;
    private final boolean mayBeMissing;
    private final Loss loss;
    private final String expected;
    private double negative = Double.NaN;
    private String negativeText = "";
    private String negativePlace = "";

    /**
     * @param mayBeMissing whether a row without a label is one to predict only
     * @param texts of the label's column in the first rows, three of them at most
     */
    Target(LabelExpression expression, Column column, boolean mayBeMissing, Loss loss, SortedSet<String> texts) {
        this(expression.test(), column, mayBeMissing, loss, expected(expression.column(), loss, texts));
    }

    private Target(
            LabelExpression.@Nullable Test test,
            @Nullable Column column,
            boolean mayBeMissing,
            Loss loss,
            String expected) {
        this.test = test;
        this.column = column;
        this.mayBeMissing = mayBeMissing;
        this.loss = loss;
        this.expected = expected;
    }

    /** Of rows to predict only, none of which has a label. */
    static Target none() {
        return new Target(null, null, true, Loss.LOGISTIC, "");
    }

    private static String expected(String name, Loss loss, SortedSet<String> texts) {
        boolean areTwo = texts.size() == 2 && !LABELS.containsAll(texts);
        String either = areTwo
                ? "; of " + texts.first() + " and " + texts.last() + ", --label '" + name + " = " + quoted(texts.last())
                        + "' makes it"
                : "; --label '" + name + " > 15', say, makes it";
        return switch (loss) {
            case LOGISTIC -> "0 or 1 (or -1 or 1) for logistic loss" + either;
            case SQUARED, ABSOLUTE -> areTwo ? Numbers.EXPECTED + either : Numbers.EXPECTED;
            case POISSON -> "a count of at least 0, for Poisson loss";
        };
    }

    private static String quoted(String text) {
        return Numbers.parse(text).isPresent() || text.matches("[\\w.-]+") ? text : "\"" + text + "\"";
    }

    /**
     * The label on the scale of the loss; NaN where it is missing and may be.
     *
     * @throws DataException if there is none in the row
     */
    double label(Row row) {
        if (column == null) {
            return Double.NaN;
        }
        if (test == null) {
            return value(row, column);
        }
        if (mayBeMissing && row.find(column).isEmpty()) {
            return Double.NaN;
        }
        boolean holds = test.isNumeric() ? test.holds(row.number(column)) : test.holds(row.text(column));
        return holds ? 1 : 0;
    }

    private double value(Row row, Column column) {
        Optional<String> found = row.find(column);
        if (found.isEmpty() && mayBeMissing) {
            return Double.NaN;
        }
        String text = found.orElseThrow(() -> row.wrong(column, "empty", expected));
        OptionalDouble number = number(text);
        if (number.isEmpty() || !isLabel(number.getAsDouble())) {
            throw row.wrong(column, text, expected);
        }
        double label = number.getAsDouble();
        if (loss != Loss.LOGISTIC || label > 0) {
            return label;
        }
        requireSameNegative(row, column, text, label);
        return 0;
    }

    /** One file calls its negative class 0 or -1, and not now this and now that: the third value would mean something else. */
    private void requireSameNegative(Row row, Column column, String text, double label) {
        if (Double.isNaN(negative)) {
            negative = label;
            negativeText = text;
            negativePlace = row.place();
        } else if (negative != label) {
            throw row.wrong(
                    column,
                    text,
                    (negative == 0 ? "0 or 1" : "-1 or 1") + " in all rows, as " + negativePlace + " has "
                            + negativeText);
        }
    }

    private static OptionalDouble number(String text) {
        return switch (text) {
            case "0", "false" -> OptionalDouble.of(0);
            case "1", "true" -> OptionalDouble.of(1);
            default -> Numbers.parse(text);
        };
    }

    private boolean isLabel(double label) {
        return switch (loss) {
            case LOGISTIC -> label == 0 || Math.abs(label) == 1;
            case SQUARED, ABSOLUTE -> true;
            case POISSON -> label >= 0;
        };
    }
}
