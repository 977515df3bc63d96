package io.millrace.ingestion.source;

import io.millrace.features.spec.FieldPath;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SourceTarget;
import io.millrace.features.spec.SourceTarget.KindField;
import io.millrace.features.spec.SourceTarget.ValueField;
import io.millrace.record.Decision;
import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What became of a sample of a source's records, field by field, for people. */
public final class SourceReport {
    private static final int SHOWN = 3;
    private static final int LONGEST = 160;
    private static final String LITERAL = "the spec";
    private static final String NOTHING = "nothing";

    /** What of our records a field of theirs became. */
    private static final class Column {
        final String name;
        final String from;
        final Function<SpecificRecord, @Nullable Object> value;
        final Map<String, Integer> kinds = new TreeMap<>();
        int missing;

        @Nullable
        Object last;

        Column(String name, String from, Function<SpecificRecord, @Nullable Object> value) {
            this.name = name;
            this.from = from;
            this.value = value;
        }

        void add(SpecificRecord record) {
            Object found = value.apply(record);
            if (found == null) {
                missing++;
            } else {
                kinds.merge(kind(found), 1, Integer::sum);
                last = found;
            }
        }

        String became() {
            String counts = kinds.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", "));
            return counts
                    + (missing > 0 ? (counts.isEmpty() ? "" : ", ") + "missing " + missing : "")
                    + (last == null ? "" : "; " + shortened(show(last)));
        }
    }

    /** Records that do not map for the same reason. */
    private static final class Group {
        final String example;
        final String place;
        int count;

        Group(String example, String place) {
            this.example = example;
            this.place = place;
        }
    }

    private final SourceSpec source;
    private final List<Column> columns;
    private final List<String> newest = new ArrayList<>();
    private final Map<String, Group> reasons = new LinkedHashMap<>();
    private final Map<String, Integer> passedOver = new TreeMap<>();
    private int taken;
    private int rejected;

    /** @param spec whose features decisions have */
    public SourceReport(PipelineSpec spec, SourceSpec source) {
        this.source = source;
        this.columns = columns(spec, source);
    }

    /** Takes a record and its result into account. */
    public void add(SourceRecord record, Mapped mapped) {
        if (mapped instanceof Mapped.Taken became) {
            taken++;
            columns.forEach(column -> column.add(became.record()));
            newest.add(record.place() + "  " + shortened(String.valueOf(became.record())));
            if (newest.size() > SHOWN) {
                newest.remove(0);
            }
        } else if (mapped instanceof Mapped.PassedOver what) {
            passedOver.merge(what.what(), 1, Integer::sum);
        } else if (mapped instanceof Mapped.Rejected why) {
            rejected++;
            for (Problem problem : why.problems()) {
                reasons.computeIfAbsent(
                                problem.name() + problem.expected(),
                                key -> new Group(problem.toString(), record.place()))
                        .count++;
            }
        }
    }

    /** Whether every record maps. */
    public boolean isWell() {
        return rejected == 0;
    }

    /** The report, on several lines. */
    public String text() {
        StringBuilder text = new StringBuilder();
        int passed = passedOver.values().stream().mapToInt(Integer::intValue).sum();
        text.append(
                source.name() + ": the newest " + (taken + rejected + passed) + " records of " + source.place() + ": "
                        + taken + " become " + source.target().text() + ", " + rejected + " not mapped, " + passed
                        + " passed over\n");
        passedOver.forEach((what, count) -> text.append("  passed over: " + what + " " + count + "\n"));
        if (taken > 0) {
            table(text);
            text.append("  the newest:\n");
            newest.forEach(record -> text.append("    " + record + "\n"));
        }
        if (!reasons.isEmpty()) {
            text.append("  not mapped:\n");
            reasons.values()
                    .forEach(reason -> text.append(
                            "    " + reason.count + "  " + reason.example + "  first at " + reason.place + "\n"));
        }
        return text.toString();
    }

    private void table(StringBuilder text) {
        int names = width(columns.stream().map(column -> column.name).toList(), "field");
        int froms = width(columns.stream().map(column -> column.from).toList(), "from");
        String row = "  %-" + names + "s  %-" + froms + "s  %s%n";
        text.append(row.formatted("field", "from", "became"));
        columns.forEach(column -> text.append(row.formatted(column.name, column.from, column.became())));
    }

    private static int width(Collection<String> texts, String head) {
        return Math.max(
                head.length(), texts.stream().mapToInt(String::length).max().orElse(0));
    }

    private static List<Column> columns(PipelineSpec spec, SourceSpec source) {
        List<Column> columns = new ArrayList<>();
        String time = source.timeField()
                .map(field -> field.path() + ", " + field.unit().text())
                .orElse("the record's timestamp");
        SourceTarget target = source.target();
        if (target instanceof SourceTarget.Events to) {
            columns.add(new Column("id", from(to.id(), "the record's place"), of(Event.class, Event::getId)));
            columns.add(new Column("kind", from(to.kind()), of(Event.class, Event::getKind)));
            columns.add(new Column("time", time, of(Event.class, event -> instant(event.getTimeMicros()))));
            to.entities()
                    .forEach((name, path) -> columns.add(new Column(
                            "entities." + name,
                            path.toString(),
                            of(Event.class, event -> event.getEntities().get(name)))));
            values(to.values(), of(Event.class, Event::getValues), columns);
        } else if (target instanceof SourceTarget.Items to) {
            columns.add(new Column("id", from(to.id(), ""), of(Item.class, Item::getId)));
            columns.add(new Column("time", time, of(Item.class, item -> instant(item.getTimeMicros()))));
            values(to.values(), of(Item.class, Item::getValues), columns);
        } else if (target instanceof SourceTarget.Decisions to) {
            decision(spec, to, time, columns);
        } else if (target instanceof SourceTarget.Feedback to) {
            String decision =
                    to.decision() == null ? NOTHING : to.decision().path().toString();
            columns.add(new Column("id", from(to.id(), "the record's place"), of(Feedback.class, Feedback::getId)));
            columns.add(new Column("decision id", decision, of(Feedback.class, Feedback::getDecisionId)));
            columns.add(new Column("request id", decision, of(Feedback.class, Feedback::getRequestId)));
            if (to.subject() != null) {
                columns.add(new Column("subject", to.subject().toString(), of(Feedback.class, Feedback::getSubject)));
            }
            columns.add(new Column("kind", from(to.kind()), of(Feedback.class, Feedback::getKind)));
            columns.add(new Column("time", time, of(Feedback.class, given -> instant(given.getTimeMicros()))));
            columns.add(new Column("slot", from(to.slot(), NOTHING), of(Feedback.class, Feedback::getSlot)));
            columns.add(new Column("item", from(to.item(), NOTHING), of(Feedback.class, Feedback::getItem)));
            columns.add(new Column("value", from(to.value(), NOTHING), of(Feedback.class, Feedback::getValue)));
            columns.add(new Column("final", from(to.isFinal(), NOTHING), of(Feedback.class, Feedback::getFinal$)));
        }
        return columns;
    }

    /** What the features of a decision are; of the slate, those of its first item. */
    private static void decision(PipelineSpec spec, SourceTarget.Decisions to, String time, List<Column> columns) {
        FeatureSet set = spec.featureSet();
        columns.add(new Column("decision id", "id and time", of(Decision.class, Decision::getId)));
        columns.add(new Column(
                "request id", from(to.id(), "the record's place"), of(Decision.class, Decision::getRequestId)));
        columns.add(new Column("subject", to.subject().toString(), of(Decision.class, Decision::getSubject)));
        columns.add(new Column("time", time, of(Decision.class, made -> instant(made.getTimeMicros()))));
        columns.add(new Column("arm", from(to.arm()), of(Decision.class, Decision::getArm)));
        to.context().forEach((name, path) -> columns.add(feature(set, "context." + name, name, path)));
        String slate = to.slate().path().text();
        columns.add(new Column(
                "slate",
                slate,
                of(
                        Decision.class,
                        made -> made.getSlate().stream().map(Slot::getItem).toList())));
        to.slate().features().forEach((name, path) -> columns.add(feature(set, "slate[0]." + name, name, path)));
        columns.add(new Column(
                "slate[0].propensity",
                from(to.slate().propensity(), NOTHING),
                of(Decision.class, made -> made.getSlate().get(0).getPropensity())));
        columns.add(new Column(
                "slate[0].score",
                from(to.slate().score(), NOTHING),
                of(Decision.class, made -> made.getSlate().get(0).getScore())));
    }

    private static Column feature(FeatureSet set, String column, String name, FieldPath path) {
        int position = set.indexOf(name);
        return new Column(column, path.toString(), of(Decision.class, made -> {
            ByteBuffer shared = made.getShared().duplicate();
            ByteBuffer own = made.getSlate().get(0).getFeatures().duplicate();
            FeatureVector vector = new FeatureVector(set)
                    .unpack(ByteBuffer.allocate(shared.remaining() + own.remaining())
                            .put(shared)
                            .put(own)
                            .flip());
            return vector.isPresent(position) ? shown(vector, position) : null;
        }));
    }

    private static Object shown(FeatureVector vector, int position) {
        List<Object> elements = new ArrayList<>();
        boolean isNumeric =
                vector.kind(position) == FeatureKind.NUMERIC || vector.kind(position) == FeatureKind.EMBEDDING;
        for (int i = vector.from(position); i < vector.to(position); i++) {
            elements.add(isNumeric ? (Object) vector.value(i) : Long.toHexString(vector.hash(i)));
        }
        return elements.size() == 1 ? elements.get(0) : elements;
    }

    private static void values(
            Map<String, ValueField> fields, Function<SpecificRecord, @Nullable Object> values, List<Column> columns) {
        fields.forEach((name, field) -> columns.add(new Column(
                "values." + name,
                field.path()
                        + (field.type() == ValueField.Type.ANY
                                ? ""
                                : ", " + field.type().text()),
                record -> values.apply(record) instanceof Map<?, ?> map ? map.get(name) : null)));
    }

    private static <T extends SpecificRecord> Function<SpecificRecord, @Nullable Object> of(
            Class<T> type, Function<T, ? extends @Nullable Object> value) {
        return record -> value.apply(type.cast(record));
    }

    private static String from(@Nullable FieldPath path, String otherwise) {
        return path == null ? otherwise : path.toString();
    }

    private static String from(KindField kind) {
        return kind.field().map(FieldPath::toString).orElse(LITERAL);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static String kind(Object value) {
        if (value instanceof Number) {
            return "number";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof Instant) {
            return "time";
        }
        return value instanceof Collection<?> ? "list" : "text";
    }

    private static String show(Object value) {
        return value instanceof String text ? "\"" + text + "\"" : value.toString();
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }
}
