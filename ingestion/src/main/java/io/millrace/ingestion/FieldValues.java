package io.millrace.ingestion;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.wire.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the fields of a record may hold, whichever way it came. What is wrong with one is noted, and nothing returned, so that
 * the reading goes on and all problems are found. Not thread-safe.
 */
public final class FieldValues {
    /** The most characters in an id, a name or a kind. */
    public static final int MAX_NAME = 1024;

    /** What a name is, for people. */
    public static final String NAME = "a text of 1 to " + MAX_NAME + " characters";

    /** What a number is, for people. */
    public static final String NUMBER = "a finite number";

    private static final String VALUE = "a finite number, a text, true, false or a list of texts";
    /** Beyond this, neighbouring integers are the same double. */
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private final Consumer<? super Problem> problems;

    public FieldValues(Consumer<? super Problem> problems) {
        this.problems = problems;
    }

    /** A name, an id or a kind. */
    public Optional<String> name(String field, JsonNode node) {
        return isName(node) ? Optional.of(node.textValue()) : wrong(field, node, NAME);
    }

    public Optional<Double> number(String field, JsonNode node) {
        return isFinite(node) ? Optional.of(node.doubleValue()) : wrong(field, node, NUMBER);
    }

    public Optional<Boolean> flag(String field, JsonNode node) {
        return node.isBoolean() ? Optional.of(node.booleanValue()) : wrong(field, node, "true or false");
    }

    /** An integer from 0. */
    public Optional<Integer> index(String field, JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0
                ? Optional.of(node.intValue())
                : wrong(field, node, "an integer from 0");
    }

    /** A value as an {@code Event} or an {@code Item} holds it. */
    public Optional<Object> value(String field, JsonNode node) {
        if (node.isNumber()) {
            return numeric(field, node);
        }
        if (node.isTextual() && isWellFormed(node.textValue())) {
            return Optional.of(node.textValue());
        }
        if (node.isBoolean()) {
            return Optional.of(node.booleanValue());
        }
        if (node.isArray()) {
            return texts(field, node);
        }
        return wrong(field, node, VALUE);
    }

    private Optional<Object> numeric(String field, JsonNode node) {
        if (!isFinite(node)) {
            return wrong(field, node, NUMBER);
        }
        if (node.isIntegralNumber()
                && !(node.canConvertToLong() && Math.abs(node.longValue()) <= EXACT_IN_DOUBLE)
                && !isExact(node)) {
            return wrong(field, node, "a number that a double holds exactly, or a text");
        }
        return Optional.of(node.doubleValue());
    }

    private Optional<Object> texts(String field, JsonNode node) {
        List<String> texts = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            if (!element.isTextual() || !isWellFormed(element.textValue())) {
                return wrong(field + "[" + texts.size() + "]", element, "a text");
            }
            texts.add(element.textValue());
        }
        return Optional.of(texts);
    }

    /** Notes that a field holds something else than was expected. */
    public <T> Optional<T> wrong(String field, JsonNode given, String expected) {
        problems.accept(new Problem(field, given.isNumber() ? given.asText() : given.toString(), expected));
        return Optional.empty();
    }

    private static boolean isExact(JsonNode integer) {
        return new BigDecimal(integer.doubleValue()).compareTo(integer.decimalValue()) == 0;
    }

    private static boolean isFinite(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.doubleValue());
    }

    private static boolean isName(JsonNode node) {
        return node.isTextual() && isName(node.textValue());
    }

    /** Whether a text may be a name. */
    public static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME && isWellFormed(text);
    }

    /** Whether UTF-8 can hold it: JSON can escape halves of surrogate pairs, and two such texts would become one. */
    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean paired = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
