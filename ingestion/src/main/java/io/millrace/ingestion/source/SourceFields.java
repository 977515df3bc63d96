package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.features.spec.FieldPath;
import io.millrace.features.spec.SourceSpec.TimeField;
import io.millrace.features.spec.SourceTarget.ValueField;
import io.millrace.ingestion.FieldValues;
import io.millrace.ingestion.TimeBounds;
import io.millrace.ingestion.table.Numbers;
import io.millrace.wire.Problem;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One record's tree, read path by path. Whatever is wrong is noted under its path; what is missing is wrong, unless its path says
 * that it may be.
 *
 * <p>Others write what we would not: an id may be a whole number, a number or a boolean a text where that type is asked for.
 */
final class SourceFields {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ID = "a text of 1 to " + FieldValues.MAX_NAME + " characters, or a whole number";
    private static final String NUMBER = "a number";
    private static final String BOOLEAN = "true or false";
    private static final String LIST = "a list of texts";
    /** In any unit, beyond what microseconds in a long can say. */
    private static final double LARGEST_TIME = 1e18;

    private final JsonNode root;
    private final Consumer<? super Problem> problems;
    private final FieldValues values;

    SourceFields(JsonNode root, Consumer<? super Problem> problems) {
        this.root = root;
        this.problems = problems;
        this.values = new FieldValues(problems);
    }

    /** An id, a name or a kind. */
    Optional<String> id(@Nullable FieldPath path) {
        return read(path, ID, this::id);
    }

    Optional<Double> number(@Nullable FieldPath path) {
        return read(path, NUMBER, (field, node) -> number(field, node).map(Double.class::cast));
    }

    Optional<Boolean> flag(@Nullable FieldPath path) {
        return read(path, BOOLEAN, (field, node) -> flag(field, node).map(Boolean.class::cast));
    }

    Optional<Integer> index(@Nullable FieldPath path) {
        return read(path, "an integer from 0", values::index);
    }

    /** A value as an {@code Event} or an {@code Item} holds it. */
    Optional<Object> value(ValueField value) {
        FieldPath path = value.path();
        return switch (value.type()) {
            case ANY -> read(path, "a value", values::value);
            case NUMBER -> read(path, NUMBER, this::number);
            case TEXT -> read(path, "a text", this::text);
            case BOOLEAN -> read(path, BOOLEAN, this::flag);
            case LIST -> read(path, LIST, this::list);
        };
    }

    /** Whatever stands there. */
    Optional<JsonNode> any(FieldPath path, String expected) {
        return read(path, expected, (field, node) -> Optional.of(node));
    }

    /** Whatever stands there, as numbers, strings, booleans, lists and maps. */
    Optional<Object> plain(FieldPath path) {
        return read(path, "a value", (field, node) -> Optional.of(JSON.convertValue(node, Object.class)));
    }

    /** The id that a node is. */
    static Optional<String> id(String field, JsonNode node, Consumer<? super Problem> problems) {
        return new SourceFields(node, problems).id(field, node);
    }

    /** A time, in microseconds since 1970 UTC. */
    Optional<Long> time(TimeField time) {
        String expected = switch (time.unit()) {
            case SECONDS -> "seconds since 1970 UTC";
            case MILLIS -> "milliseconds since 1970 UTC";
            case MICROS -> "microseconds since 1970 UTC";
            case ISO -> "a time in RFC 3339 like 2001-01-01T08:30:00Z";
        };
        return read(time.path(), expected, (field, node) -> {
            OptionalLong micros = micros(node, time.unit());
            return micros.isPresent() ? Optional.of(micros.getAsLong()) : values.wrong(field, node, expected);
        });
    }

    private <T> Optional<T> read(
            @Nullable FieldPath path, String expected, BiFunction<String, JsonNode, Optional<T>> reader) {
        if (path == null) {
            return Optional.empty();
        }
        Optional<JsonNode> node = Lookup.find(root, path);
        if (node.isEmpty()) {
            if (!path.isOptional()) {
                problems.accept(Problem.missing(path.text(), expected));
            }
            return Optional.empty();
        }
        return reader.apply(path.text(), node.get());
    }

    private Optional<String> id(String field, JsonNode node) {
        if (node.isIntegralNumber()) {
            return Optional.of(node.asText());
        }
        return node.isTextual() && FieldValues.isName(node.textValue())
                ? Optional.of(node.textValue())
                : values.wrong(field, node, ID);
    }

    private Optional<Object> number(String field, JsonNode node) {
        if (node.isNumber()) {
            return values.value(field, node);
        }
        double number = node.isTextual() ? Numbers.parse(node.textValue()).orElse(Double.NaN) : Double.NaN;
        return Double.isNaN(number) ? values.wrong(field, node, NUMBER) : Optional.of(number);
    }

    private Optional<Object> text(String field, JsonNode node) {
        return node.isNumber() || node.isBoolean()
                ? Optional.of(node.asText())
                : node.isTextual() ? values.value(field, node) : values.wrong(field, node, "a text");
    }

    private Optional<Object> flag(String field, JsonNode node) {
        String text = node.asText();
        if (text.equals("true") || text.equals("1")) {
            return Optional.of(true);
        }
        return text.equals("false") || text.equals("0") ? Optional.of(false) : values.wrong(field, node, BOOLEAN);
    }

    private Optional<Object> list(String field, JsonNode node) {
        if (!node.isArray()) {
            return values.wrong(field, node, LIST);
        }
        List<JsonNode> texts = new ArrayList<>(node.size());
        node.forEach(element -> texts.add(
                element.isNumber() || element.isBoolean()
                        ? JsonNodeFactory.instance.textNode(element.asText())
                        : element));
        return values.value(field, JsonNodeFactory.instance.arrayNode().addAll(texts));
    }

    private static OptionalLong micros(JsonNode node, TimeField.Unit unit) {
        return switch (unit) {
            case ISO -> node.isTextual() ? TimeBounds.parse(node.textValue()) : OptionalLong.empty();
            case SECONDS -> micros(node, 6);
            case MILLIS -> micros(node, 3);
            case MICROS -> micros(node, 0);
        };
    }

    /** The number that a node is or stands for, times a power of ten, rounded down. */
    private static OptionalLong micros(JsonNode node, int power) {
        double near = node.isTextual()
                ? Numbers.parse(node.textValue()).orElse(Double.NaN)
                : node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(Math.abs(near) <= LARGEST_TIME)) {
            return OptionalLong.empty();
        }
        try {
            BigDecimal exact =
                    node.isTextual() ? new BigDecimal(node.textValue().strip()) : node.decimalValue();
            return OptionalLong.of(
                    exact.movePointRight(power).setScale(0, RoundingMode.FLOOR).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
