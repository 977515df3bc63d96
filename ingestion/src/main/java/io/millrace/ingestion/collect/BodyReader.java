package io.millrace.ingestion.collect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.ingestion.BrokenJson;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Takes a body apart into its objects, one at a time, so that a large body is never a large tree. Stops when the list of
 * problems is full. Safe for use by several threads.
 */
final class BodyReader {
    private static final String BODY = "body";
    private static final String OBJECT = "a JSON object";
    private static final String EMPTY_EXPECTED = "at least one JSON object";

    private final ObjectReader trees = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .readerFor(JsonNode.class);

    void read(byte[] body, BodyFormat format, Problems problems, Consumer<Fields> objects) {
        switch (format) {
            case JSON -> readJson(body, problems, objects);
            case NDJSON -> readLines(body, problems, objects);
        }
    }

    private void readJson(byte[] body, Problems problems, Consumer<Fields> objects) {
        String name = "";
        try (JsonParser parser = trees.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                problems.accept(new Problem(BODY, "empty", EMPTY_EXPECTED));
            } else if (first == JsonToken.START_ARRAY) {
                int count = 0;
                name = "[0]";
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (problems.isFull()) {
                        return;
                    }
                    object(name, trees.readTree(parser), problems, objects);
                    name = "[" + ++count + "]";
                }
                if (count == 0) {
                    problems.accept(new Problem(BODY, "an empty array", EMPTY_EXPECTED));
                }
                name = "";
                refuseMore(parser, name, problems);
            } else {
                object(name, trees.readTree(parser), problems, objects);
                refuseMore(parser, name, problems);
            }
        } catch (JsonProcessingException e) {
            problems.accept(broken(name, e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readLines(byte[] body, Problems problems, Consumer<Fields> objects) {
        boolean isEmpty = true;
        int line = 0;
        for (int start = 0; start < body.length && !problems.isFull(); ) {
            int end = start;
            boolean isBlank = true;
            while (end < body.length && body[end] != '\n') {
                isBlank &= body[end] == ' ' || body[end] == '\t' || body[end] == '\r';
                end++;
            }
            line++;
            if (!isBlank) {
                isEmpty = false;
                readLine(body, start, end - start, "line " + line, problems, objects);
            }
            start = end + 1;
        }
        if (isEmpty) {
            problems.accept(new Problem(BODY, "empty", EMPTY_EXPECTED));
        }
    }

    private void readLine(
            byte[] body, int start, int length, String name, Problems problems, Consumer<Fields> objects) {
        try (JsonParser parser = trees.createParser(body, start, length)) {
            parser.nextToken();
            object(name, trees.readTree(parser), problems, objects);
            refuseMore(parser, name, problems);
        } catch (JsonProcessingException e) {
            problems.accept(broken(name, e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void object(String name, JsonNode node, Problems problems, Consumer<Fields> objects) {
        if (node.isObject()) {
            objects.accept(new Fields(name, node, problems));
        } else {
            problems.accept(new Problem(name.isEmpty() ? BODY : name, node.toString(), OBJECT));
        }
    }

    private static void refuseMore(JsonParser parser, String name, Problems problems) throws IOException {
        if (parser.nextToken() != null) {
            problems.accept(new Problem(
                    name.isEmpty() ? BODY : name,
                    "more at column " + parser.currentTokenLocation().getColumnNr(),
                    "nothing after the first JSON value"));
        }
    }

    private static Problem broken(String name, JsonProcessingException e) {
        return BrokenJson.of(name.isEmpty() ? BODY : name, name.startsWith("line "), e);
    }
}
