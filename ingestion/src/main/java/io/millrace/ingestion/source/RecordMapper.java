package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.features.spec.FieldPath;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SourceTarget;
import io.millrace.features.spec.SourceTarget.KindField;
import io.millrace.features.spec.SourceTarget.ValueField;
import io.millrace.ingestion.Records;
import io.millrace.ingestion.TimeBounds;
import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes a record of ours of a tree, field by field as the spec says. */
final class RecordMapper {
    private static final String TIMESTAMP = "the record's timestamp";

    private final SourceSpec source;
    private final TimeBounds bounds;
    private final Optional<DecisionMapper> decisions;
    private final Codec<Event> events = Codec.of(Event.class);
    private final Codec<Item> items = Codec.of(Item.class);
    private final Codec<Feedback> feedback = Codec.of(Feedback.class);

    /** @param clock against which times are held */
    RecordMapper(PipelineSpec spec, SourceSpec source, Clock clock) {
        this.source = source;
        this.decisions = source.target() instanceof SourceTarget.Decisions to
                ? Optional.of(new DecisionMapper(spec, source.name(), to))
                : Optional.empty();
        this.bounds = new TimeBounds(clock, TimeBounds.AHEAD, source.oldest());
    }

    Mapped map(SourceRecord record, JsonNode tree) {
        Problems problems = new Problems();
        if (!tree.isObject() && !tree.isArray()) {
            problems.accept(new Problem("record", tree.isMissingNode() ? "empty" : tree.toString(), "an object"));
            return rejected(problems);
        }
        SourceFields fields = new SourceFields(tree, problems);
        long time = time(record, fields, problems);
        SourceTarget target = source.target();
        Mapped.Taken taken;
        if (target instanceof SourceTarget.Events to) {
            taken = event(record, to, fields, time);
        } else if (target instanceof SourceTarget.Items to) {
            taken = item(to, fields, time);
        } else if (target instanceof SourceTarget.Feedback to) {
            taken = feedback(record, to, fields, time, problems);
        } else {
            taken = decisions.orElseThrow().map(record, fields, time, problems);
        }
        Records.sizeProblem("record", taken.key(), taken.value()).ifPresent(problems);
        return problems.isEmpty() ? taken : rejected(problems);
    }

    private Mapped rejected(Problems problems) {
        return new Mapped.Rejected(source.name(), problems.list());
    }

    private long time(SourceRecord record, SourceFields fields, Problems problems) {
        Optional<SourceSpec.TimeField> field = source.timeField();
        if (field.isPresent()) {
            Optional<Long> micros = fields.time(field.get());
            micros.flatMap(bounds::expected)
                    .ifPresent(expected -> problems.accept(
                            new Problem(field.get().path().text(), micros.get().toString() + " us", expected)));
            return micros.orElse(0L);
        }
        long micros = TimeUnit.MILLISECONDS.toMicros(record.timestampMs());
        bounds.expected(micros)
                .ifPresent(expected -> problems.accept(new Problem(TIMESTAMP, record.timestampMs() + " ms", expected)));
        return micros;
    }

    private Mapped.Taken event(SourceRecord record, SourceTarget.Events to, SourceFields fields, long time) {
        String id = fields.id(to.id()).orElseGet(record::place);
        String kind = kind(to.kind(), fields);
        Map<String, String> entities = new LinkedHashMap<>();
        for (Map.Entry<String, FieldPath> entity : to.entities().entrySet()) {
            fields.id(entity.getValue()).ifPresent(who -> entities.put(entity.getKey(), who));
        }
        Event event = new Event(id, kind, time, entities, values(to.values(), fields));
        return new Mapped.Taken(Topic.EVENTS, Records.eventKey(entities, kind), events.encode(event), event);
    }

    private Mapped.Taken item(SourceTarget.Items to, SourceFields fields, long time) {
        String id = fields.id(to.id()).orElse("");
        Item item = new Item(id, time, values(to.values(), fields));
        return new Mapped.Taken(Topic.ITEMS, id.getBytes(StandardCharsets.UTF_8), items.encode(item), item);
    }

    private Mapped.Taken feedback(
            SourceRecord record, SourceTarget.Feedback to, SourceFields fields, long time, Problems problems) {
        String id = fields.id(to.id()).orElseGet(record::place);
        Optional<String> decision = Optional.ofNullable(to.decision()).flatMap(field -> fields.id(field.path()));
        Optional<String> ours = decision.filter(named -> isOurs(to, named));
        Optional<String> subject = decision.isPresent() ? Optional.empty() : fields.id(to.subject());
        Optional<Integer> slot = fields.index(to.slot());
        Optional<String> item = fields.id(to.item());
        if (slot.isPresent() && item.isPresent()) {
            problems.accept(new Problem("item", item.get() + " beside slot " + slot.get(), "slot or item, not both"));
        }
        if (to.subject() != null && decision.isEmpty() && (subject.isEmpty() || item.isEmpty())) {
            checkNamed(to, subject, item, problems);
        }
        Feedback given = new Feedback(
                id,
                ours.orElse(null),
                ours.isPresent() ? null : decision.orElse(null),
                subject.orElse(null),
                slot.orElse(null),
                item.orElse(null),
                kind(to.kind(), fields),
                fields.number(to.value()).orElse(1.0),
                fields.flag(to.isFinal()).orElse(false),
                time);
        byte[] key = Records.feedbackKey(given);
        return new Mapped.Taken(Topic.FEEDBACK, key, feedback.encode(given), given);
    }

    private static boolean isOurs(SourceTarget.Feedback to, String decision) {
        return !Objects.requireNonNull(to.decision()).isRequest()
                && (DecisionIds.isDecisionId(decision) || DecisionIds.isUnlogged(decision));
    }

    /** What may be missing by its path may not, where it is all that stands for the decision. */
    private static void checkNamed(
            SourceTarget.Feedback to, Optional<String> subject, Optional<String> item, Problems problems) {
        String expected = "given, since no decision is named";
        if (subject.isEmpty() && Objects.requireNonNull(to.subject()).isOptional()) {
            problems.accept(Problem.missing(to.subject().text(), expected));
        }
        if (item.isEmpty() && to.item() != null && to.item().isOptional()) {
            problems.accept(Problem.missing(to.item().text(), expected));
        }
    }

    private static String kind(KindField kind, SourceFields fields) {
        return kind.field().map(path -> fields.id(path).orElse("")).orElseGet(() -> String.valueOf(kind.literal()));
    }

    private static Map<String, Object> values(Map<String, ValueField> fields, SourceFields from) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, ValueField> field : fields.entrySet()) {
            from.value(field.getValue()).ifPresent(value -> values.put(field.getKey(), value));
        }
        return values;
    }
}
