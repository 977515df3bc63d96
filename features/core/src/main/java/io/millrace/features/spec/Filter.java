package io.millrace.features.spec;

import io.millrace.features.spec.AggregateFunction.Takes;
import java.io.Serializable;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Which events count: a condition on their fields. A missing field fulfils no comparison, not even one with {@code !=}. */
public sealed interface Filter extends Serializable {
    /** Tells every field that is compared, and as what. */
    void fields(BiConsumer<String, Takes> out);

    /** All of them hold. */
    record And(List<Filter> parts) implements Filter {
        @Override
        public void fields(BiConsumer<String, Takes> out) {
            parts.forEach(part -> part.fields(out));
        }

        @Override
        public String toString() {
            return joined(parts, " and ");
        }
    }

    /** At least one of them holds. */
    record Or(List<Filter> parts) implements Filter {
        @Override
        public void fields(BiConsumer<String, Takes> out) {
            parts.forEach(part -> part.fields(out));
        }

        @Override
        public String toString() {
            return joined(parts, " or ");
        }
    }

    /** It does not hold. */
    record Not(Filter part) implements Filter {
        @Override
        public void fields(BiConsumer<String, Takes> out) {
            part.fields(out);
        }

        @Override
        public String toString() {
            return "not (" + part + ")";
        }
    }

    /** A number compared with one. */
    record Number(String field, Comparison comparison, double than) implements Filter {
        @Override
        public void fields(BiConsumer<String, Takes> out) {
            out.accept(field, Takes.NUMBER);
        }

        @Override
        public String toString() {
            return field + " " + comparison.text() + " " + Units.show(than);
        }
    }

    /** A category, or one of the elements of a set, that is or is not one of these. */
    record Category(String field, boolean isOneOf, List<String> categories) implements Filter {
        @Override
        public void fields(BiConsumer<String, Takes> out) {
            out.accept(field, Takes.CATEGORY);
        }

        @Override
        public String toString() {
            return field
                    + (isOneOf ? " in " : " not in ")
                    + categories.stream().map(text -> "'" + text + "'").toList();
        }
    }

    /** How two numbers are compared. */
    enum Comparison {
        LESS("<"),
        AT_MOST("<="),
        EQUAL("=="),
        NOT_EQUAL("!="),
        AT_LEAST(">="),
        MORE(">");

        private final String text;

        Comparison(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        /** Whether it holds; never where one of them is not a number. */
        public boolean holds(double left, double right) {
            return switch (this) {
                case LESS -> left < right;
                case AT_MOST -> left <= right;
                case EQUAL -> left == right;
                case NOT_EQUAL -> left < right || left > right;
                case AT_LEAST -> left >= right;
                case MORE -> left > right;
            };
        }
    }

    private static String joined(List<Filter> parts, String with) {
        return parts.stream().map(part -> "(" + part + ")").collect(Collectors.joining(with));
    }
}
