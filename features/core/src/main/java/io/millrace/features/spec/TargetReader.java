package io.millrace.features.spec;

import io.millrace.features.spec.SourceSettings.SourceKind;
import io.millrace.features.spec.SourceTarget.DecisionField;
import io.millrace.features.spec.SourceTarget.KindField;
import io.millrace.features.spec.SourceTarget.SlateField;
import io.millrace.features.spec.SourceTarget.ValueField;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads of a source what its records become. What is wrong is reported, and something else stands in for it. */
final class TargetReader {
    /** The arm of decisions of which nothing else is said. */
    private static final String EXTERNAL = "external";

    private static final FieldPath NOWHERE = FieldPath.parse("nowhere").orElseThrow();

    private final Section section;
    private final Surroundings pipeline;

    /** What of the rest of the spec counts here. */
    record Surroundings(DecisionSpec decision, List<AggregateSpec> aggregates, FeedbackSpec feedback) {}

    TargetReader(Section section, Surroundings pipeline) {
        this.section = section;
        this.pipeline = pipeline;
    }

    SourceTarget read(SourceKind kind) {
        return switch (kind) {
            case EVENTS -> new SourceTarget.Events(maybe(SourceSettings.ID), kind(), entities(), values());
            case ITEMS -> new SourceTarget.Items(given(SourceSettings.ID), values());
            case FEEDBACK -> feedback();
            case DECISIONS -> decisions();
        };
    }

    private SourceTarget feedback() {
        boolean hasSubject = section.has(SourceSettings.SUBJECT.key());
        DecisionField decision = decision(hasSubject);
        FieldPath subject = hasSubject ? subject(decision) : null;
        FieldPath slot = maybe(SourceSettings.SLOT);
        FieldPath item = maybe(SourceSettings.ITEM);
        if (slot != null && item != null && !slot.isOptional() && !item.isOptional()) {
            reportBeside(SourceSettings.ITEM, SourceSettings.SLOT);
        }
        return new SourceTarget.Feedback(
                maybe(SourceSettings.ID),
                decision,
                subject,
                slot,
                item,
                kind(),
                maybe(SourceSettings.VALUE),
                maybe(SourceSettings.IS_FINAL));
    }

    private SourceTarget decisions() {
        return new SourceTarget.Decisions(
                maybe(SourceSettings.ID),
                given(SourceSettings.SUBJECT),
                name(SourceSettings.ARM, SourceSettings.ARM_FIELD, EXTERNAL),
                features(
                        section.section(SourceSettings.CONTEXT.key()),
                        pipeline.decision().context(),
                        true),
                slate());
    }

    private SlateField slate() {
        String key = SourceSettings.SLATE.key();
        if (!section.has(key)) {
            section.reportMissing(section.at(key), SourceSettings.SLATE.expected());
            return new SlateField(NOWHERE, null, Map.of(), null, null);
        }
        Section slate = section.section(key);
        TargetReader within = new TargetReader(slate, pipeline);
        List<Feature> declared = pipeline.decision().candidate().stream()
                .filter(feature -> !feature.name().equals(DecisionSpec.ITEM))
                .toList();
        SlateField read = new SlateField(
                slate.value(SourceSettings.SLATE_FIELD, NOWHERE),
                within.maybe(SourceSettings.SLATE_ITEM),
                features(slate.section(SourceSettings.SLATE_FEATURES.key()), declared, false),
                within.maybe(SourceSettings.SLATE_PROPENSITY),
                within.maybe(SourceSettings.SLATE_SCORE));
        slate.reportUnknown();
        return read;
    }

    /** Paths of features that are declared, or computed and numbers: what else is computed has hashes that nobody else makes. */
    private Map<String, FieldPath> features(Section features, List<Feature> declared, boolean shared) {
        Map<String, Feature> known = new LinkedHashMap<>();
        declared.forEach(feature -> known.put(feature.name(), feature));
        pipeline.aggregates().stream()
                .filter(one -> pipeline.decision().isShared(one) == shared)
                .map(AggregateSpec::feature)
                .forEach(feature -> known.put(feature.name(), feature));
        Map<String, FieldPath> paths = new LinkedHashMap<>();
        for (String name : features.names()) {
            Feature feature = known.get(name);
            if (feature == null) {
                features.report(
                        features.key(name),
                        new Problem(features.at(name), "unknown feature", Suggestion.expected(name, known.keySet())));
            } else if (!declared.contains(feature) && feature.kind() != FeatureKind.NUMERIC) {
                features.report(
                        features.key(name),
                        new Problem(
                                features.at(name),
                                feature.kind().text(),
                                "a number, where a streaming feature is logged by somebody else"));
            }
            features.node(name)
                    .flatMap(node -> features.scalar(node, features.at(name), SourceSettings.MAYBE))
                    .ifPresent(path -> paths.put(name, path));
        }
        return paths;
    }

    /** @param hasSubject whether a decision may also be named otherwise, or not at all */
    private @Nullable DecisionField decision(boolean hasSubject) {
        boolean isRequest = section.has(SourceSettings.REQUEST.key());
        if (isRequest && section.has(SourceSettings.DECISION.key())) {
            reportBeside(SourceSettings.REQUEST, SourceSettings.DECISION);
            section.node(SourceSettings.DECISION.key());
        }
        Entry entry = isRequest ? SourceSettings.REQUEST : SourceSettings.DECISION;
        FieldPath path = hasSubject ? maybe(entry) : given(entry);
        if (path != null && hasSubject && !path.isOptional()) {
            section.report(
                    section.where(entry.key()),
                    new Problem(
                            section.at(entry.key()),
                            path.text(),
                            path.text() + "?, since " + SourceSettings.SUBJECT.key()
                                    + " stands in where it is missing"));
        }
        return path == null ? null : new DecisionField(path, isRequest);
    }

    private FieldPath subject(@Nullable DecisionField decision) {
        String key = SourceSettings.SUBJECT.key();
        if (pipeline.feedback().match() != FeedbackSpec.Match.SUBJECT_ITEM) {
            section.report(
                    section.key(key),
                    new Problem(
                            section.at(key), "given", "nothing, unless " + Settings.MATCH.path() + " is subject_item"));
        }
        if (!section.has(SourceSettings.ITEM.key())) {
            section.reportMissing(section.at(SourceSettings.ITEM.key()), "a path, since " + key + " is given");
        }
        return decision == null ? given(SourceSettings.SUBJECT) : maybe(SourceSettings.SUBJECT);
    }

    private void reportBeside(Entry one, Entry other) {
        section.report(
                section.key(one.key()),
                new Problem(
                        section.at(one.key()),
                        "given beside " + other.key(),
                        other.key() + " or " + one.key() + ", not both"));
    }

    private KindField kind() {
        String key = SourceSettings.KIND.key();
        if (!section.has(key)) {
            section.reportMissing(section.at(key), SourceSettings.KIND.expected());
        }
        return name(SourceSettings.KIND, SourceSettings.KIND_FIELD, "unknown");
    }

    /** A name of all records, or the path of what each says. */
    private KindField name(Entry entry, Setting<FieldPath> field, String otherwise) {
        String key = entry.key();
        Optional<Node> given = section.node(key);
        if (given.isPresent() && given.get() instanceof MappingNode) {
            Section name = section.section(key);
            FieldPath path = name.value(field, NOWHERE);
            name.reportUnknown();
            return KindField.in(path);
        }
        Kind<String> literal = new Kind<>(entry.expected(), Kind.name().parse());
        return KindField.of(given.flatMap(node -> section.scalar(node, section.at(key), literal))
                .orElse(otherwise));
    }

    private FieldPath given(Entry entry) {
        Optional<Node> node = section.node(entry.key());
        if (node.isEmpty()) {
            section.reportMissing(section.at(entry.key()), SourceSettings.GIVEN.expected());
        }
        return node.flatMap(at -> section.scalar(at, section.at(entry.key()), SourceSettings.GIVEN))
                .orElse(NOWHERE);
    }

    private @Nullable FieldPath maybe(Entry entry) {
        return section.node(entry.key())
                .flatMap(node -> section.scalar(node, section.at(entry.key()), SourceSettings.MAYBE))
                .orElse(null);
    }

    private Map<String, FieldPath> entities() {
        Section entities = section.section(SourceSettings.ENTITIES.key());
        Map<String, FieldPath> paths = new LinkedHashMap<>();
        for (String name : entities.names()) {
            checkName(entities, name);
            entities.node(name)
                    .flatMap(node -> entities.scalar(node, entities.at(name), SourceSettings.MAYBE))
                    .ifPresent(path -> paths.put(name, path));
        }
        return paths;
    }

    private Map<String, ValueField> values() {
        Section values = section.section(SourceSettings.VALUES.key());
        Map<String, ValueField> fields = new LinkedHashMap<>();
        for (String name : values.names()) {
            checkName(values, name);
            Node node = values.node(name).orElseThrow();
            if (node instanceof MappingNode) {
                Section value = values.section(name);
                fields.put(
                        name,
                        new ValueField(
                                value.value(SourceSettings.VALUE_FIELD, NOWHERE),
                                value.value(SourceSettings.VALUE_TYPE)));
                value.reportUnknown();
            } else {
                values.scalar(node, values.at(name), SourceSettings.MAYBE)
                        .ifPresent(path -> fields.put(name, new ValueField(path, ValueField.Type.ANY)));
            }
        }
        return fields;
    }

    private static void checkName(Section section, String name) {
        if (Kind.name().parse().apply(name).isEmpty()) {
            section.report(
                    section.key(name),
                    new Problem(section.at(name), name, Kind.name().expected()));
        }
    }
}
