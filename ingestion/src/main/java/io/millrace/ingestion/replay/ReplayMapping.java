package io.millrace.ingestion.replay;

import io.millrace.ingestion.table.TimeFormat;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a row becomes an {@code Event}.
 *
 * @param entities entity type to the column with its ids; the first that a row has is the event's key
 */
public record ReplayMapping(
        Kind kind,
        Id id,
        String timeColumn,
        TimeFormat timeFormat,
        Map<String, String> entities,
        List<ValueColumn> values) {
    /** Where an event's kind comes from. */
    public sealed interface Kind permits ConstantKind, KindColumn {}

    public record ConstantKind(String kind) implements Kind {}

    public record KindColumn(String column) implements Kind {}

    /** Where an event's id comes from. */
    public sealed interface Id permits IdColumn, IdOfLine {}

    public record IdColumn(String column) implements Id {}

    /** Made of file name, line number and content, so that a file that is replayed again repeats its events. */
    public record IdOfLine() implements Id {}

    /** @throws IllegalArgumentException that lists everything wrong */
    public ReplayMapping {
        entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
        values = List.copyOf(values);
        List<Problem> problems = new ArrayList<>();
        if (kind instanceof ConstantKind constant && constant.kind().isEmpty()) {
            problems.add(new Problem("kind", "empty", "a name"));
        }
        if (kind instanceof KindColumn column && column.column().isEmpty()) {
            problems.add(new Problem("kind", "empty", "the name of a column"));
        }
        if (id instanceof IdColumn column && column.column().isEmpty()) {
            problems.add(new Problem("id", "empty", "the name of a column"));
        }
        if (timeColumn.isEmpty()) {
            problems.add(new Problem("time", "empty", "the name of a column"));
        }
        entities.forEach((type, column) -> {
            if (type.isEmpty() || column.isEmpty()) {
                problems.add(new Problem("entities." + type, "empty", "an entity type and the name of a column"));
            }
        });
        checkValues(values, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", problems.stream().map(Problem::toString).toList()));
        }
    }

    /** A mapping of rows that are all of one kind, have no ids, and neither entities nor values yet. */
    public static ReplayMapping of(String kind, String timeColumn, TimeFormat timeFormat) {
        return new ReplayMapping(new ConstantKind(kind), new IdOfLine(), timeColumn, timeFormat, Map.of(), List.of());
    }

    public ReplayMapping withKindColumn(String column) {
        return new ReplayMapping(new KindColumn(column), id, timeColumn, timeFormat, entities, values);
    }

    public ReplayMapping withIdColumn(String column) {
        return new ReplayMapping(kind, new IdColumn(column), timeColumn, timeFormat, entities, values);
    }

    /** Adds an entity after those there are. */
    public ReplayMapping withEntity(String type, String column) {
        Map<String, String> more = new LinkedHashMap<>(entities);
        more.put(type, column);
        return new ReplayMapping(kind, id, timeColumn, timeFormat, more, values);
    }

    public ReplayMapping withValues(ValueColumn... columns) {
        return new ReplayMapping(kind, id, timeColumn, timeFormat, entities, List.of(columns));
    }

    /** Every column that it reads. */
    public Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        if (kind instanceof KindColumn column) {
            columns.add(column.column());
        }
        if (id instanceof IdColumn column) {
            columns.add(column.column());
        }
        columns.add(timeColumn);
        columns.addAll(entities.values());
        values.forEach(value -> columns.add(value.column()));
        return columns;
    }

    private static void checkValues(List<ValueColumn> values, List<Problem> problems) {
        Set<String> names = new HashSet<>();
        for (ValueColumn value : values) {
            String name = "values." + value.name();
            if (value.name().isEmpty() || value.column().isEmpty()) {
                problems.add(new Problem(name, "empty", "a name and the name of a column"));
            }
            if (!names.add(value.name())) {
                problems.add(new Problem(name, "given twice", "once"));
            }
            if (value.type() instanceof ValueColumn.Texts texts
                    && texts.separator().isEmpty()) {
                problems.add(new Problem(name + ".separator", "empty", "a text between the elements"));
            }
        }
    }
}
