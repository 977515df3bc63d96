package io.millrace.ingestion.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A line of JSON, parsed when its first value is asked for. */
final class JsonRow extends Row {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);
    private static final String OBJECT = "one JSON object";

    private final byte[] bytes;
    private @Nullable JsonNode object;

    JsonRow(String file, long line, byte[] bytes) {
        super(file, line);
        this.bytes = bytes;
    }

    @Override
    public Optional<String> find(String column) {
        JsonNode node = object().path(column);
        if (node.isMissingNode()
                || node.isNull()
                || node.isTextual() && node.textValue().isEmpty()) {
            return Optional.empty();
        }
        if (!node.isValueNode()) {
            throw wrong(column, node.toString(), "a text, a number, true or false");
        }
        return Optional.of(node.asText());
    }

    @Override
    public List<String> list(String column, String separator) {
        JsonNode node = object().path(column);
        if (!node.isArray()) {
            return find(column).map(text -> CsvRow.split(text, separator)).orElse(List.of());
        }
        List<String> texts = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw wrong(column, node.toString(), "a list of texts");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    @Override
    public String raw() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private JsonNode object() {
        if (object == null) {
            object = parse();
        }
        return object;
    }

    private JsonNode parse() {
        try {
            JsonNode node = READER.readTree(bytes);
            if (!node.isObject()) {
                throw wrong(raw(), OBJECT);
            }
            return node;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            throw wrong("broken JSON" + where, OBJECT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
