package io.millrace.ingestion.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingestion.FieldValues;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a request, read field by field. Whatever is wrong is noted and a placeholder returned, so that the
 * reading goes on and all problems are found. A field that is {@code null} counts as not given. Not thread-safe.
 */
final class Fields {
    private final String name;
    private final JsonNode object;
    private final Problems problems;
    private final FieldValues values;

    /** @param name of the object in the request; empty where the object is the request */
    Fields(String name, JsonNode object, Problems problems) {
        this.name = name;
        this.object = object;
        this.problems = problems;
        this.values = new FieldValues(problems);
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
            problems.accept(Problem.missing(at(field), FieldValues.NAME));
            return "";
        }
        return values.name(at(field), node).orElse("");
    }

    /** A name that may be left out. */
    Optional<String> nameIfGiven(String field) {
        return node(field).flatMap(node -> values.name(at(field), node));
    }

    double number(String field, double otherwise) {
        return node(field).flatMap(node -> values.number(at(field), node)).orElse(otherwise);
    }

    boolean flag(String field, boolean otherwise) {
        return node(field).flatMap(node -> values.flag(at(field), node)).orElse(otherwise);
    }

    /** An integer from 0 that may be left out. */
    Optional<Integer> indexIfGiven(String field) {
        return node(field).flatMap(node -> values.index(at(field), node));
    }

    /** Names by name, in the order of the request; none where the field is not given. */
    Map<String, String> names(String field) {
        Map<String, String> names = new LinkedHashMap<>();
        entries(field)
                .forEach((key, node) ->
                        values.name(at(field + "." + key), node).ifPresent(name -> names.put(key, name)));
        return names;
    }

    /** Values by name as an {@code Event} or an {@code Item} holds them; none where the field is not given. */
    Map<String, Object> values(String field) {
        Map<String, Object> read = new LinkedHashMap<>();
        entries(field)
                .forEach((key, node) ->
                        values.value(at(field + "." + key), node).ifPresent(value -> read.put(key, value)));
        return read;
    }

    void report(String field, String value, String expected) {
        problems.accept(new Problem(at(field), value, expected));
    }

    <T> T wrong(String field, JsonNode given, String expected, T placeholder) {
        values.wrong(at(field), given, expected);
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
            if (FieldValues.isName(entry.getKey())) {
                entries.put(entry.getKey(), entry.getValue());
            } else {
                report(field, "the name \"" + entry.getKey() + "\"", FieldValues.NAME);
            }
        });
        return entries;
    }

    private @Nullable JsonNode given(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    private String at(String field) {
        return name.isEmpty() ? field : name + "." + field;
    }
}
