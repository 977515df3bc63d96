package io.millrace.local.learn;

import io.millrace.ingestion.table.Numbers;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is predicted: a column's value or, as in {@code delay > 15}, whether it compares as told.
 *
 * @param test null for the value itself
 */
record LabelExpression(String column, @Nullable Test test) {
    static final String EXPECTED = "a column, or an expression like 'delay > 15' or 'class = UP'";

    private static final Pattern OPERATOR = Pattern.compile(">=|<=|!=|==|=|>|<");

    /** How a value is compared. */
    enum Operator {
        ABOVE(">"),
        AT_LEAST(">="),
        BELOW("<"),
        AT_MOST("<="),
        EQUAL("="),
        UNEQUAL("!=");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        static Operator of(String text) {
            return Arrays.stream(values())
                    .filter(operator -> operator.text.equals(text.equals("==") ? "=" : text))
                    .findFirst()
                    .orElseThrow();
        }

        /** Whether it holds, given a comparator's result. */
        private boolean holds(int comparison) {
            return switch (this) {
                case ABOVE -> comparison > 0;
                case AT_LEAST -> comparison >= 0;
                case BELOW -> comparison < 0;
                case AT_MOST -> comparison <= 0;
                case EQUAL -> comparison == 0;
                case UNEQUAL -> comparison != 0;
            };
        }

        boolean isOrder() {
            return this != EQUAL && this != UNEQUAL;
        }
    }

    /**
     * A comparison.
     *
     * @param text what is compared with
     * @param number the same as a number; NaN where texts are compared
     */
    record Test(Operator operator, String text, double number) {
        boolean isNumeric() {
            return !Double.isNaN(number);
        }

        boolean holds(double value) {
            return operator.holds(value == number ? 0 : Double.compare(value, number));
        }

        boolean holds(String value) {
            return operator.holds(value.compareTo(text));
        }
    }

    /**
     * Reads what was given. A whole column's name wins over an expression, and an operator after a column's name over one
     * within it.
     *
     * @throws StartException if it is neither
     */
    static LabelExpression parse(String given, Collection<String> columns) throws StartException {
        String whole = given.strip();
        if (whole.isEmpty()) {
            throw new StartException(new Problem("--label", "empty", EXPECTED).toString());
        }
        if (columns.contains(whole)) {
            return new LabelExpression(whole, null);
        }
        MatchResult operator = operator(whole, columns);
        if (operator == null) {
            return new LabelExpression(whole, null);
        }
        String column = whole.substring(0, operator.start()).strip();
        if (column.isEmpty()) {
            throw new StartException(new Problem("--label", given, EXPECTED).toString());
        }
        String literal = whole.substring(operator.end()).strip();
        return new LabelExpression(column, test(given, Operator.of(operator.group()), literal));
    }

    /** The first operator after a column's name, or else the first; null where there is none. */
    private static @Nullable MatchResult operator(String text, Collection<String> columns) {
        List<MatchResult> operators = OPERATOR.matcher(text).results().toList();
        return operators.stream()
                .filter(operator ->
                        columns.contains(text.substring(0, operator.start()).strip()))
                .findFirst()
                .orElse(operators.isEmpty() ? null : operators.get(0));
    }

    private static Test test(String given, Operator operator, String literal) throws StartException {
        String text = unquoted(literal);
        boolean isQuoted = !text.equals(literal);
        OptionalDouble number = isQuoted ? OptionalDouble.empty() : Numbers.parse(text);
        if (text.isEmpty() && !isQuoted) {
            throw new StartException(new Problem("--label", given, EXPECTED).toString());
        }
        if (operator.isOrder() && number.isEmpty()) {
            throw new StartException(new Problem(
                            "--label", given, "a number after " + operator.text + "; texts are compared by = and !=")
                    .toString());
        }
        return new Test(operator, text, number.orElse(Double.NaN));
    }

    private static String unquoted(String literal) {
        boolean isQuoted = literal.length() >= 2
                && (literal.startsWith("'") && literal.endsWith("'")
                        || literal.startsWith("\"") && literal.endsWith("\""));
        return isQuoted ? literal.substring(1, literal.length() - 1) : literal;
    }
}
