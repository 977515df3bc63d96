package io.millrace.serving.rank;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON objects strictly: no repeated keys, nothing after the object, bounded depth. {@code NaN} and {@code Infinity}
 * are let through as numbers, so that whoever checks the field can name it.
 */
final class JsonBody {
    private static final int MAX_DEPTH = 16;
    private static final int SHOWN = 160;
    private static final JsonMapper MAPPER = mapper();

    private JsonBody() {}

    private static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /** The object's fields, as maps, lists, strings, numbers, booleans and nulls. */
    static Map<String, @Nullable Object> read(byte[] body) throws InvalidRequestException {
        Object value;
        try {
            value = MAPPER.readValue(body, Object.class);
        } catch (JsonProcessingException e) {
            throw broken(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return object(value).orElseThrow(() -> invalid(new Problem("body", describe(value), "a JSON object")));
    }

    /** The value as an object's fields, if it is an object. */
    @SuppressWarnings("unchecked")
    static Optional<Map<String, @Nullable Object>> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? Optional.of((Map<String, @Nullable Object>) map) : Optional.empty();
    }

    /** A value as it is shown in a problem. */
    static String describe(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + text + "\"";
        }
        if (value instanceof Map<?, ?> map) {
            return "an object of " + map.size();
        }
        if (value instanceof List<?> list) {
            return "a list of " + list.size();
        }
        return String.valueOf(value);
    }

    private static InvalidRequestException broken(JsonProcessingException e) {
        String what = e.getOriginalMessage().lines().findFirst().orElse("not readable");
        JsonLocation at = e.getLocation();
        String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        String shown = what.length() > SHOWN ? what.substring(0, SHOWN) + "..." : what;
        return new InvalidRequestException(
                "body: not valid JSON" + place + ": " + shown,
                List.of(new Problem("body", "not valid JSON" + place, "a JSON object")));
    }

    private static InvalidRequestException invalid(Problem problem) {
        return new InvalidRequestException(problem.toString(), List.of(problem));
    }
}
