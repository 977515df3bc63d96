package io.millrace.local.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.features.change.SpecChange;
import io.millrace.features.change.SpecDiff;

/** Differences between two specs, for programs; {@code null} where a spec says nothing. */
public final class SpecDiffJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SpecDiffJson() {}

    public static String of(SpecDiff diff) {
        ObjectNode root = JSON.createObjectNode();
        root.put("effect", diff.effect().text());
        root.put("keeps_weights", diff.effect().keepsWeights());
        root.put("keeps_log", diff.effect().keepsLog());
        root.putArray("changes");
        for (SpecChange change : diff.changes()) {
            ObjectNode node = root.withArray("changes").addObject();
            node.put("path", change.path());
            node.put("old", change.before());
            node.put("new", change.after());
            node.put("effect", change.effect().text());
            node.put("reason", change.reason());
        }
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
