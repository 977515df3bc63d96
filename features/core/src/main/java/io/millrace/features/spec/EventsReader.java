package io.millrace.features.spec;

import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code events}. */
final class EventsReader {
    private static final Kind<FeatureKind> VALUE_KIND = Kind.oneOf(
            new FeatureKind[] {FeatureKind.NUMERIC, FeatureKind.CATEGORICAL, FeatureKind.CATEGORICAL_SET},
            FeatureKind::text);

    /** The kind of the outcome that ends a slot's window. */
    private static final String WINDOW = "window";

    private EventsReader() {}

    static Map<String, EventSpec> read(Section section, FeedbackSpec feedback) {
        Set<String> ofFeedback = new TreeSet<>(feedback.reward().keySet());
        ofFeedback.addAll(feedback.finalKinds());
        feedback.labels().exposure().ifPresent(ofFeedback::add);
        ofFeedback.add(Operand.LABEL);
        ofFeedback.add(WINDOW);
        Map<String, EventSpec> events = new LinkedHashMap<>();
        for (String kind : section.names()) {
            if (Kind.name().parse().apply(kind).isEmpty()) {
                section.report(
                        section.key(kind),
                        new Problem(section.at(kind), kind, Kind.name().expected()));
            } else if (ofFeedback.contains(kind)) {
                section.report(
                        section.key(kind),
                        new Problem(section.at(kind), "a kind of feedback, too", "a name of its own"));
            }
            events.put(kind, event(section.section(kind), kind));
        }
        return events;
    }

    private static EventSpec event(Section section, String kind) {
        List<String> entities = new ArrayList<>();
        section.node("entities")
                .flatMap(node -> section.names(node, section.at("entities")))
                .ifPresent(names -> names.forEach(name -> entities.add(name.text())));
        if (!section.has("entities")) {
            section.reportMissingKey(Settings.EVENT_ENTITIES);
        }
        Section declared = section.section("values");
        Map<String, FeatureKind> values = new LinkedHashMap<>();
        for (String name : declared.names()) {
            if (entities.contains(name)) {
                declared.report(
                        declared.key(name), new Problem(declared.at(name), "an entity, too", "a name of its own"));
            }
            Optional<FeatureKind> read =
                    declared.scalar(declared.node(name).orElseThrow(), declared.at(name), VALUE_KIND);
            values.put(name, read.orElse(FeatureKind.NUMERIC));
        }
        Duration oldest = section.value(Settings.EVENT_OLDEST);
        section.reportUnknown();
        return new EventSpec(kind, entities, values, oldest);
    }
}
