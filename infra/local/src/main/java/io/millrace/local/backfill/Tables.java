package io.millrace.local.backfill;

import io.millrace.features.spec.EventSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.replay.ReplayMapping;
import io.millrace.ingestion.replay.ValueColumn;
import io.millrace.ingestion.table.TimeFormat;
import io.millrace.local.StartException;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How tables become events: as the spec declares a kind, entities and values are columns of the same names, unless told otherwise.
 *
 * @param kind null where the spec declares only one
 * @param time the column of times
 * @param unit of times that are numbers; null for ISO 8601
 * @param id the column of ids; null where there is none
 * @param columns entity or value to its column
 */
public record Tables(
        @Nullable String kind,
        String time,
        @Nullable TimeUnit unit,
        @Nullable String id,
        Map<String, String> columns) {
    private static final String SEPARATOR = "|";

    public Tables {
        columns = Map.copyOf(columns);
    }

    /** @throws StartException that says of all that is wrong what is */
    ReplayMapping mapping(PipelineSpec spec) throws StartException {
        List<Problem> problems = new ArrayList<>();
        EventSpec event = event(spec, problems);
        if (event != null) {
            for (String name : columns.keySet()) {
                if (!event.entities().contains(name) && !event.values().containsKey(name)) {
                    problems.add(new Problem(
                            "--column " + name, "unknown", "an entity or value of " + event.kind() + " in the spec"));
                }
            }
        }
        if (event == null || !problems.isEmpty()) {
            throw new StartException(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        TimeFormat format = unit == null ? TimeFormat.iso(ZoneOffset.UTC) : TimeFormat.epoch(unit);
        ReplayMapping mapping = ReplayMapping.of(event.kind(), time, format);
        if (id != null) {
            mapping = mapping.withIdColumn(id);
        }
        for (String entity : event.entities()) {
            mapping = mapping.withEntity(entity, columns.getOrDefault(entity, entity));
        }
        return mapping.withValues(event.values().entrySet().stream()
                .map(value -> column(value.getKey(), value.getValue()))
                .toArray(ValueColumn[]::new));
    }

    private @Nullable EventSpec event(PipelineSpec spec, List<Problem> problems) {
        List<String> kinds = spec.events().keySet().stream().sorted().toList();
        if (kind == null && kinds.size() == 1) {
            return spec.events().get(kinds.get(0));
        }
        if (kind == null) {
            problems.add(Problem.missing("--kind", "one of " + String.join(", ", kinds)));
            return null;
        }
        if (!spec.events().containsKey(kind)) {
            problems.add(new Problem("--kind", kind, Suggestion.expected(kind, kinds)));
        }
        return spec.events().get(kind);
    }

    private ValueColumn column(String name, FeatureKind type) {
        String column = columns.getOrDefault(name, name);
        ValueColumn value = switch (type) {
            case NUMERIC -> ValueColumn.numeric(column);
            case CATEGORICAL_SET -> ValueColumn.texts(column, SEPARATOR);
            default -> ValueColumn.text(column);
        };
        return value.named(name);
    }

    /** A unit by its name. */
    public static @Nullable TimeUnit unit(@Nullable String name) throws StartException {
        if (name == null) {
            return null;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "s" -> TimeUnit.SECONDS;
            case "ms" -> TimeUnit.MILLISECONDS;
            case "us" -> TimeUnit.MICROSECONDS;
            case "ns" -> TimeUnit.NANOSECONDS;
            default -> throw new StartException(new Problem("--time-unit", name, "s, ms, us or ns").toString());
        };
    }
}
