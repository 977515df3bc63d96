package io.millrace.features.spec;

import io.millrace.features.spec.SourceSettings.SourceKind;
import io.millrace.features.spec.SourceTarget.DecisionField;
import io.millrace.features.spec.SourceTarget.KindField;
import io.millrace.features.spec.SourceTarget.ValueField;
import io.millrace.wire.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads of a source what its records become. What is wrong is reported, and something else stands in for it. */
final class TargetReader {
    private static final FieldPath NOWHERE = FieldPath.parse("nowhere").orElseThrow();

    private final Section section;

    TargetReader(Section section) {
        this.section = section;
    }

    SourceTarget read(SourceKind kind) {
        return switch (kind) {
            case EVENTS -> new SourceTarget.Events(maybe(SourceSettings.ID), kind(), entities(), values());
            case ITEMS -> new SourceTarget.Items(given(SourceSettings.ID), values());
            case FEEDBACK -> feedback();
        };
    }

    private SourceTarget feedback() {
        DecisionField decision = decision();
        FieldPath slot = maybe(SourceSettings.SLOT);
        FieldPath item = maybe(SourceSettings.ITEM);
        if (slot != null && item != null && !slot.isOptional() && !item.isOptional()) {
            reportBeside(SourceSettings.ITEM, SourceSettings.SLOT);
        }
        return new SourceTarget.Feedback(
                maybe(SourceSettings.ID),
                decision,
                slot,
                item,
                kind(),
                maybe(SourceSettings.VALUE),
                maybe(SourceSettings.IS_FINAL));
    }

    private DecisionField decision() {
        boolean isRequest = section.has(SourceSettings.REQUEST.key());
        if (isRequest && section.has(SourceSettings.DECISION.key())) {
            reportBeside(SourceSettings.REQUEST, SourceSettings.DECISION);
            section.node(SourceSettings.DECISION.key());
        }
        return new DecisionField(given(isRequest ? SourceSettings.REQUEST : SourceSettings.DECISION), isRequest);
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
        Optional<Node> given = section.node(key);
        if (given.isEmpty()) {
            section.reportMissing(section.at(key), SourceSettings.KIND.expected());
        } else if (given.get() instanceof MappingNode) {
            Section kind = section.section(key);
            FieldPath path = kind.value(SourceSettings.KIND_FIELD, NOWHERE);
            kind.reportUnknown();
            return KindField.in(path);
        }
        Kind<String> literal =
                new Kind<>(SourceSettings.KIND.expected(), Kind.name().parse());
        return KindField.of(given.flatMap(node -> section.scalar(node, section.at(key), literal))
                .orElse("unknown"));
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
