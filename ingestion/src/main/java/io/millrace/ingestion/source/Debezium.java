package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** Debezium's envelope: what a row was before, what it is after, and what was done with it. Stateless. */
final class Debezium {
    private static final Set<String> WRITES = Set.of("c", "u", "r");
    private static final Set<String> OTHERS = Set.of("d", "t", "m");

    private Debezium() {}

    /**
     * The row as it is after it was created, updated or read; nothing for what leaves no row, such as a delete.
     *
     * @throws UndecodableException if it is no such envelope
     */
    static Optional<JsonNode> after(JsonNode record) {
        JsonNode envelope = record.path("payload").isObject() ? record.path("payload") : record;
        String op = envelope.path("op").asText();
        if (OTHERS.contains(op)) {
            return Optional.empty();
        }
        if (!WRITES.contains(op)) {
            throw new UndecodableException(
                    "op " + (op.isEmpty() ? "missing" : op), "an envelope of Debezium with op c, u, r, d, t or m");
        }
        JsonNode after = envelope.path("after");
        if (!after.isObject()) {
            throw new UndecodableException(
                    "op " + op + " without after", "an envelope of Debezium with the row after it");
        }
        return Optional.of(after);
    }
}
