package io.millrace.ingestion.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A line of JSON, parsed when its first value is asked for. A field within an object is named {@code outer.inner}. */
final class JsonRow extends Row {
    static final String OBJECT = "one JSON object";

    private final byte[] bytes;
    private @Nullable JsonNode object;

    JsonRow(Columns columns, long line, byte[] bytes) {
        super(columns, line);
        this.bytes = bytes;
    }

    @Override
    @Nullable
    Object cell(Column column) {
        return Json.cell(find(object(), column.name()));
    }

    /** A field by its whole name, else along its dots. */
    private static JsonNode find(JsonNode object, String name) {
        JsonNode whole = object.path(name);
        int dot = whole.isMissingNode() ? name.indexOf('.') : -1;
        return dot < 0 ? whole : find(object.path(name.substring(0, dot)), name.substring(dot + 1));
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
            JsonNode node = Json.parse(bytes);
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
