package io.millrace.features.history;

import io.millrace.features.spec.EventSpec;
import io.millrace.record.Event;
import io.millrace.vector.FeatureKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns of what events hold: one for each entity and each value that a spec declares, and all that it does not declare, or
 * not so, as JSON in two more.
 */
final class EventColumns {
    private EventColumns() {}

    static List<Column> of(Collection<EventSpec> kinds) {
        Set<String> entities = new LinkedHashSet<>();
        kinds.forEach(kind -> entities.addAll(kind.entities()));
        Map<String, FeatureKind> values = values(kinds);
        List<Column> columns = new ArrayList<>();
        for (String entity : entities) {
            columns.add(new Column(
                    "entity_" + entity,
                    Schema.Type.STRING,
                    source -> event(source).getEntities().get(entity)));
        }
        columns.add(rest(
                "other_entities", source -> event(source).getEntities(), (name, value) -> entities.contains(name)));
        values.forEach((name, kind) -> columns.add(new Column(
                "value_" + name,
                type(kind),
                source -> fit(kind, event(source).getValues().get(name)))));
        columns.add(rest("other_values", source -> event(source).getValues(), (name, value) -> {
            FeatureKind kind = values.get(name);
            return kind != null && fit(kind, value) != null;
        }));
        return columns;
    }

    /** What all kinds of events that declare a value declare it to be; those that differ are left out. */
    private static Map<String, FeatureKind> values(Collection<EventSpec> kinds) {
        Map<String, FeatureKind> values = new LinkedHashMap<>();
        Set<String> differing = new LinkedHashSet<>();
        for (EventSpec kind : kinds) {
            kind.values().forEach((name, value) -> {
                FeatureKind before = values.putIfAbsent(name, value);
                if (before != null && before != value) {
                    differing.add(name);
                }
            });
        }
        values.keySet().removeAll(differing);
        return values;
    }

    private static Event event(RowSource source) {
        return (Event) source.log();
    }

    private static Schema type(FeatureKind kind) {
        return switch (kind) {
            case NUMERIC -> Schema.create(Schema.Type.DOUBLE);
            case CATEGORICAL -> Schema.create(Schema.Type.STRING);
            case CATEGORICAL_SET, SEQUENCE, WEIGHTED_SET, EMBEDDING ->
                Schema.createArray(Schema.create(Schema.Type.STRING));
        };
    }

    /** A value as its column has it; null where it is of another type. */
    private static @Nullable Object fit(FeatureKind kind, @Nullable Object value) {
        return switch (kind) {
            case NUMERIC -> value instanceof Double ? value : null;
            case CATEGORICAL -> value instanceof CharSequence ? value : null;
            case CATEGORICAL_SET, SEQUENCE, WEIGHTED_SET, EMBEDDING -> value instanceof Collection ? value : null;
        };
    }

    private interface Told {
        boolean elsewhere(String name, Object value);
    }

    private static Column rest(String name, Function<RowSource, Map<String, ?>> all, Told told) {
        return new Column(name, Schema.Type.STRING, source -> {
            Map<String, Object> left = new TreeMap<>(all.apply(source));
            left.entrySet().removeIf(entry -> told.elsewhere(entry.getKey(), entry.getValue()));
            return left.isEmpty() ? null : RecordColumns.json(left);
        });
    }
}
