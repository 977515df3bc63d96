package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.features.spec.FieldPath;
import java.util.Optional;

/** Finds in a tree what a path leads to. Stateless. */
final class Lookup {
    private Lookup() {}

    /** The value; nothing where there is none, or null. */
    static Optional<JsonNode> find(JsonNode root, FieldPath path) {
        JsonNode node = root;
        for (FieldPath.Step step : path.steps()) {
            if (step instanceof FieldPath.Name name) {
                node = node.path(name.name());
            } else if (step instanceof FieldPath.Position position) {
                node = node.path(position.position());
            }
        }
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
    }
}
