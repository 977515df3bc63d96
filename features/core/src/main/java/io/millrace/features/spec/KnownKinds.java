package io.millrace.features.spec;

import io.millrace.vector.FeatureKind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What can happen, by kind, and which fields each kind has. */
final class KnownKinds {
    private static final String VALUE = "value";

    private final SortedMap<String, Map<String, FeatureKind>> fields = new TreeMap<>();

    KnownKinds(DecisionSpec decision, FeedbackSpec feedback, Map<String, EventSpec> events) {
        Map<String, FeatureKind> outcome = outcomeFields(decision);
        fields.put(Operand.LABEL, outcome);
        Map<String, FeatureKind> ofFeedback = new LinkedHashMap<>(outcome);
        if (!isDeclared(decision, VALUE)) {
            ofFeedback.put(VALUE, FeatureKind.NUMERIC);
        }
        feedback.reward().keySet().forEach(kind -> fields.put(kind, ofFeedback));
        feedback.finalKinds().forEach(kind -> fields.put(kind, ofFeedback));
        feedback.labels().exposure().ifPresent(kind -> fields.put(kind, ofFeedback));
        events.values().forEach(event -> fields.put(event.kind(), eventFields(event)));
    }

    /** A feature of the decision that is called like a field of outcomes cannot be told from it: neither is known. */
    private static Map<String, FeatureKind> outcomeFields(DecisionSpec decision) {
        Map<String, FeatureKind> outcome = new LinkedHashMap<>();
        outcome.put("reward", FeatureKind.NUMERIC);
        outcome.put("slot", FeatureKind.NUMERIC);
        outcome.put("arm", FeatureKind.CATEGORICAL);
        Set<String> reserved = new HashSet<>(outcome.keySet());
        reserved.add(VALUE);
        outcome.put(DecisionSpec.ITEM, FeatureKind.CATEGORICAL);
        Stream.concat(decision.shared().stream(), decision.candidate().stream()).forEach(feature -> {
            if (reserved.contains(feature.name())) {
                outcome.remove(feature.name());
            } else {
                outcome.put(feature.name(), feature.kind());
            }
        });
        return outcome;
    }

    private static boolean isDeclared(DecisionSpec decision, String name) {
        return Stream.concat(decision.shared().stream(), decision.candidate().stream())
                .anyMatch(feature -> feature.name().equals(name));
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
