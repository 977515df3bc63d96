package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What can happen, by kind, and which fields each kind has. */
final class KnownKinds {
    private final SortedMap<String, Map<String, FeatureKind>> fields = new TreeMap<>();

    KnownKinds(DecisionSpec decision, FeedbackSpec feedback, Map<String, EventSpec> events) {
        Map<String, FeatureKind> outcome = outcomeFields(decision);
        fields.put(Operand.LABEL, outcome);
        Map<String, FeatureKind> ofFeedback = new LinkedHashMap<>(outcome);
        ofFeedback.put("value", FeatureKind.NUMERIC);
        feedback.reward().keySet().forEach(kind -> fields.put(kind, ofFeedback));
        feedback.finalKinds().forEach(kind -> fields.put(kind, ofFeedback));
        events.values().forEach(event -> fields.put(event.kind(), eventFields(event)));
    }

    private static Map<String, FeatureKind> outcomeFields(DecisionSpec decision) {
        Map<String, FeatureKind> outcome = new LinkedHashMap<>();
        outcome.put("reward", FeatureKind.NUMERIC);
        outcome.put("slot", FeatureKind.NUMERIC);
        outcome.put("arm", FeatureKind.CATEGORICAL);
        outcome.put(DecisionSpec.ITEM, FeatureKind.CATEGORICAL);
        for (Feature feature : decision.shared()) {
            outcome.putIfAbsent(feature.name(), feature.kind());
        }
        for (Feature feature : decision.candidate()) {
            outcome.putIfAbsent(feature.name(), feature.kind());
        }
        return outcome;
    }

    private static Map<String, FeatureKind> eventFields(EventSpec event) {
        Map<String, FeatureKind> fields = new LinkedHashMap<>(event.values());
        event.entities().forEach(entity -> fields.put(entity, FeatureKind.CATEGORICAL));
        return fields;
    }

    SortedMap<String, Map<String, FeatureKind>> all() {
        return fields;
    }

    boolean has(String kind) {
        return fields.containsKey(kind);
    }

    Map<String, FeatureKind> fields(String kind) {
        return fields.getOrDefault(kind, Map.of());
    }

    /** Splits {@code KIND.FIELD}; since kinds may have dots, the longest one that is known wins. */
    Optional<Operand> operand(String text) {
        if (has(text)) {
            return Optional.of(new Operand(text, null));
        }
        for (int dot = text.lastIndexOf('.'); dot > 0; dot = text.lastIndexOf('.', dot - 1)) {
            if (has(text.substring(0, dot))) {
                return Optional.of(new Operand(text.substring(0, dot), text.substring(dot + 1)));
            }
        }
        return Optional.empty();
    }
}
