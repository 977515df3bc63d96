package io.millrace.ingestion.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a request, read field by field. Whatever is wrong is noted and a placeholder returned, so that the
 * reading goes on and all problems are found. A field that is {@code null} counts as not given. Not thread-safe.
 */
final class Fields {
    /** The most characters in an id, a name or a kind. */
    static final int MAX_NAME = 1024;

    private static final String NAME = "a text of 1 to " + MAX_NAME + " characters";
    private static final String VALUE = "a finite number, a text, true, false or a list of texts";
    /** Beyond this, neighbouring integers are the same double. */
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    private final String name;
    private final JsonNode object;
    private final Problems problems;

    /** @param name of the object in the request; empty where the object is the request */
    Fields(String name, JsonNode object, Problems problems) {
        this.name = name;
        this.object = object;
        this.problems = problems;
    }

    /** Notes every field that is not among those known. */
    void allowOnly(Set<String> known) {
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                String sorted = String.join(", ", known.stream().sorted().toList());
                problems.accept(new Problem(at(field), "unknown", "one of " + sorted));
            }
        });
    }

    /** The value of a field, if it is given. */
    Optional<JsonNode> node(String field) {
        return Optional.ofNullable(given(field));
    }

    /** A name that has to be given. */
    String name(String field) {
        JsonNode node = given(field);
        if (node == null) {
            problems.accept(Problem.missing(at(field), NAME));
            return "";
        }
        return isName(node) ? node.textValue() : wrong(field, node, NAME, "");
    }

    /** A name that may be left out. */
    Optional<String> nameIfGiven(String field) {
        JsonNode node = given(field);
        if (node == null) {
            return Optional.empty();
        }
        return isName(node) ? Optional.of(node.textValue()) : wrong(field, node, NAME, Optional.empty());
    }

    double number(String field, double otherwise) {
        JsonNode node = given(field);
        if (node == null || isFinite(node)) {
            return node == null ? otherwise : node.doubleValue();
        }
        return wrong(field, node, "a finite number", otherwise);
    }

    boolean flag(String field, boolean otherwise) {
        JsonNode node = given(field);
        if (node == null || node.isBoolean()) {
            return node == null ? otherwise : node.booleanValue();
        }
        return wrong(field, node, "true or false", otherwise);
    }

    /** An integer from 0 that may be left out. */
    Optional<Integer> indexIfGiven(String field) {
        JsonNode node = given(field);
        if (node == null) {
            return Optional.empty();
        }
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0
                ? Optional.of(node.intValue())
                : wrong(field, node, "an integer from 0", Optional.empty());
    }

    /** Names by name, in the order of the request; none where the field is not given. */
    Map<String, String> names(String field) {
        Map<String, String> names = new LinkedHashMap<>();
        entries(field).forEach((key, node) -> {
            if (isName(node)) {
                names.put(key, node.textValue());
            } else {
                wrong(field + "." + key, node, NAME, "");
            }
        });
        return names;
    }

    /** Values by name as an {@code Event} or an {@code Item} holds them; none where the field is not given. */
    Map<String, Object> values(String field) {
        Map<String, Object> values = new LinkedHashMap<>();
        entries(field).forEach((key, node) -> {
            Optional<Object> value = value(field + "." + key, node);
            value.ifPresent(present -> values.put(key, present));
        });
        return values;
    }

    void report(String field, String value, String expected) {
        problems.accept(new Problem(at(field), value, expected));
    }

    <T> T wrong(String field, JsonNode given, String expected, T placeholder) {
        report(field, given.isNumber() ? given.asText() : given.toString(), expected);
        return placeholder;
    }

    private Map<String, JsonNode> entries(String field) {
        JsonNode node = given(field);
        if (node == null) {
            return Map.of();
        }
        if (!node.isObject()) {
            return wrong(field, node, "an object", Map.of());
        }
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (isName(entry.getKey())) {
                entries.put(entry.getKey(), entry.getValue());
            } else {
                report(field, "the name \"" + entry.getKey() + "\"", NAME);
            }
        });
        return entries;
    }

    private Optional<Object> value(String field, JsonNode node) {
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
        return wrong(field, node, VALUE, Optional.empty());
    }

    private Optional<Object> numeric(String field, JsonNode node) {
        if (!isFinite(node)) {
            return wrong(field, node, "a finite number", Optional.empty());
        }
        if (node.isIntegralNumber()
                && !(node.canConvertToLong() && Math.abs(node.longValue()) <= EXACT_IN_DOUBLE)
                && !isExact(node)) {
            return wrong(field, node, "a number that a double holds exactly, or a text", Optional.empty());
        }
        return Optional.of(node.doubleValue());
    }

    private Optional<Object> texts(String field, JsonNode node) {
        List<String> texts = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            if (!element.isTextual() || !isWellFormed(element.textValue())) {
                return wrong(field + "[" + texts.size() + "]", element, "a text", Optional.empty());
            }
            texts.add(element.textValue());
        }
        return Optional.of(texts);
    }

    private @Nullable JsonNode given(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    private String at(String field) {
        return name.isEmpty() ? field : name + "." + field;
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

    private static boolean isName(String text) {
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
