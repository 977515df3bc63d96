package io.millrace.ingestion.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.ingestion.BrokenJson;
import java.io.IOException;

/** JSON, strictly: one value, no field twice. */
final class JsonDecoder implements Decoder {
    private static final ObjectReader TREES = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final boolean isFramed;

    /** @param isFramed whether Confluent's frame stands before it; the schema that it names is not needed */
    JsonDecoder(boolean isFramed) {
        this.isFramed = isFramed;
    }

    @Override
    public JsonNode decode(byte[] bytes) {
        int from = 0;
        if (isFramed) {
            Frame.schemaId(bytes);
            from = Frame.BYTES;
        }
        try {
            return TREES.readTree(bytes, from, bytes.length - from);
        } catch (JsonProcessingException e) {
            throw new UndecodableException(BrokenJson.of("record", false, e), e);
        } catch (IOException e) {
            throw new UndecodableException("broken text, " + e.getMessage(), "JSON in UTF-8", e);
        }
    }
}
