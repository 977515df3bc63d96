package io.millrace.features.spec;

import io.millrace.features.spec.SourceSpec.Envelope;
import io.millrace.features.spec.SourceSpec.Format;
import io.millrace.features.spec.SourceSpec.Framing;
import io.millrace.features.spec.SourceSpec.TimeField;
import io.millrace.features.spec.SourceTarget.ValueField;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What may be set for each source. */
final class SourceSettings {
    private static final String PATH = "sources.NAME.";
    private static final Pattern TOPIC_NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final String VALUES_EXPECTED = "a map of names to paths, or to {field: path, type: T}";

    /** A value that has to be there. */
    static final Kind<FieldPath> GIVEN =
            new Kind<>(FieldPath.EXPECTED, text -> FieldPath.parse(text).filter(path -> !path.isOptional()));

    /** A value that may be missing. */
    static final Kind<FieldPath> MAYBE =
            new Kind<>("a path like product.id, or product.id? if it may be missing", FieldPath::parse);

    static final Kind<String> TOPIC_KIND = new Kind<>(
            "a topic's name: letters, digits, '.', '_' and '-', at most 249",
            text -> Optional.of(text).filter(name -> TOPIC_NAME.matcher(name).matches()));
    static final Kind<String> CLUSTER_KIND = new Kind<>(
            "a name of small letters, digits and '-', at most 64",
            text -> Optional.of(text).filter(name -> CLUSTER_NAME.matcher(name).matches()));
    static final Kind<String> FILE =
            new Kind<>("a file's name", text -> Optional.of(text).filter(name -> !name.isBlank()));
    static final Kind<String> MESSAGE_KIND =
            new Kind<>("a message's full name like shop.Click", Kind.name().parse());

    static final Entry.Composite SOURCES = new Entry.Composite("sources", "{}", "a map of names to sources", """
            Topics of others, in the same Kafka or in another one, whose records become events, items, feedback or decisions, each once: see \
            [sources.md](sources.md).""");
    static final Entry.Composite TOPIC = new Entry.Composite(
            PATH + "topic",
            "the source's name",
            TOPIC_KIND.expected(),
            "The topic, as it is called in Kafka: the deployment's prefix does not stand before it.");
    static final Entry.Composite CLUSTER =
            new Entry.Composite(PATH + "cluster", "Millrace's own", CLUSTER_KIND.expected(), """
            The Kafka that has the topic, by the name under which the deployment says how to reach it \
            (`cluster.NAME.bootstrap.servers`).""");
    static final Setting<Format> FORMAT = new Setting<>(
            PATH + "format", Kind.oneOf(Format.values(), Format::text), "json", "How its records are written.");
    static final Setting<Framing> FRAMING =
            new Setting<>(PATH + "framing", Kind.oneOf(Framing.values(), Framing::text), "none", """
            What stands before them: `confluent` for the five bytes that name a schema in a registry; where that is asked \
            for a schema, the deployment says where it is.""");
    static final Entry.Composite SCHEMA = new Entry.Composite(PATH + "schema", "none", FILE.expected(), """
            Of Avro without framing, the file with the schema that records were written with; of Protobuf, a descriptor \
            set (`protoc --include_imports --descriptor_set_out`). Relative to the spec's file.""");
    static final Entry.Composite MESSAGE = new Entry.Composite(
            PATH + "message", "none", MESSAGE_KIND.expected(), "Of Protobuf, which message of the descriptor set.");
    static final Setting<Envelope> ENVELOPE =
            new Setting<>(PATH + "envelope", Kind.oneOf(Envelope.values(), Envelope::text), "none", """
            `debezium`: a record is the `after` of what is created, updated or read; deletes are passed over and counted.""");

    /** What records become. */
    enum SourceKind {
        EVENTS(SourceTarget.Events.TEXT),
        ITEMS(SourceTarget.Items.TEXT),
        FEEDBACK(SourceTarget.Feedback.TEXT),
        DECISIONS(SourceTarget.Decisions.TEXT);

        private final String text;

        SourceKind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static final Setting<SourceKind> AS = new Setting<>(
            PATH + "as", Kind.oneOf(SourceKind.values(), SourceKind::text), "", "What its records become.");
    static final Entry.Composite KIND = new Entry.Composite(
            PATH + "kind",
            "none",
            "a name, or {field: path}",
            "Of events and feedback, where it must be given: what happened, the same for all records, or said by a field.");
    static final Entry.Composite ID = new Entry.Composite(PATH + "id", "the record's place", MAYBE.expected(), """
            The field with the id; of items it must be given, of decisions it is the caller's own, by which feedback may name \
            them. Without one, topic, partition and offset are the id.""");
    static final Entry.Composite TIME = new Entry.Composite(
            PATH + "time",
            "the record's timestamp",
            "{field: path, unit: U}",
            "When it happened; without it, the time that the record has in Kafka.");
    static final Entry.Composite ENTITIES =
            new Entry.Composite(PATH + "entities", "{}", "a map of names to paths", """
            Of events: who and what took part, by the fields with their ids; the first is the key, by which events keep \
            their order.""");
    static final Entry.Composite VALUES = new Entry.Composite(PATH + "values", "{}", VALUES_EXPECTED, """
            Of events and items: measurements and attributes. A type (number, text, boolean, list) is made of what stands \
            there, or it is wrong; without one (any), a value is what it is.""");
    static final Entry.Composite DECISION = new Entry.Composite(
            PATH + "decision",
            "none",
            GIVEN.expected(),
            "Of feedback, this or `request` or `subject`: the field with the decision's id, ours or the caller's own.");
    static final Entry.Composite REQUEST = new Entry.Composite(
            PATH + "request",
            "none",
            GIVEN.expected(),
            "Of feedback: the field with the caller's own id, where those may look like ours (UUIDv7).");
    static final Entry.Composite SUBJECT = new Entry.Composite(PATH + "subject", "none", MAYBE.expected(), """
            The field that says for whom was decided. Of decisions, where it must be given; and of feedback, where \
            `feedback.match` is `subject_item`: together with `item` it stands for a decision that is not named; beside `decision` or `request`, whose path then ends with a \
            question mark, for those records that have none.""");
    static final Entry.Composite SLOT = new Entry.Composite(
            PATH + "slot", "none", MAYBE.expected(), "Of feedback: the field that says which slot, from 0.");
    static final Entry.Composite ITEM = new Entry.Composite(
            PATH + "item", "none", MAYBE.expected(), "Of feedback: the field that says which item, instead.");
    static final Entry.Composite VALUE =
            new Entry.Composite(PATH + "value", "1", MAYBE.expected(), "Of feedback: the field that says how much.");
    static final Entry.Composite IS_FINAL = new Entry.Composite(
            PATH + "final",
            "false",
            MAYBE.expected(),
            "Of feedback: the field that says whether it closes the label of its slot.");
    static final Entry.Composite CONTEXT =
            new Entry.Composite(PATH + "context", "{}", "a map of features to paths", """
            Of decisions: where the values of `decision.context` stand. What is not named is missing, as are streaming features, \
            unless the ranker has logged what it used: those that are numbers can be named here, too.""");
    static final Entry.Composite SLATE = new Entry.Composite(
            PATH + "slate",
            "none",
            "{field: path, item: path, features: ...}",
            "Of decisions, where it must be given: what was shown, best first.");
    static final Setting<FieldPath> SLATE_FIELD = new Setting<>(
            PATH + "slate.field",
            GIVEN,
            "",
            "The field with the list; the paths beside it begin at each of its elements.");
    static final Entry.Composite SLATE_ITEM =
            new Entry.Composite(PATH + "slate.item", "the element", MAYBE.expected(), "The field with the item's id.");
    static final Entry.Composite SLATE_FEATURES = new Entry.Composite(
            PATH + "slate.features",
            "{}",
            "a map of features to paths",
            "Where the values of `decision.candidate` stand, like those of `context`; one named `item` is filled with the item's id.");
    static final Entry.Composite SLATE_PROPENSITY =
            new Entry.Composite(PATH + "slate.propensity", "1", MAYBE.expected(), """
            The field with the probability, above 0 and at most 1, with which the ranker shows this item here. Without one it is \
            taken to be certain, and nothing can be said about what another policy would have got.""");
    static final Entry.Composite SLATE_SCORE = new Entry.Composite(
            PATH + "slate.score", "0", MAYBE.expected(), "The field with what the ranker predicted.");
    static final Entry.Composite ARM = new Entry.Composite(
            PATH + "arm",
            "external",
            "a name, or {field: path}",
            "Of decisions: how the ranker is called, beside our arms.");
    static final Setting<FieldPath> ARM_FIELD =
            new Setting<>(PATH + "arm.field", GIVEN, "", "The field with the name.");
    static final Setting<Duration> OLDEST = new Setting<>(
            PATH + "oldest",
            Kind.duration(Duration.ofSeconds(1), Duration.ofDays(36_500)),
            "3650d",
            "How far back a record's time may be; what is older, or more than a day ahead, is a dead letter.");
    static final Setting<FieldPath> TIME_FIELD =
            new Setting<>(PATH + "time.field", GIVEN, "", "The field with the time.");
    static final Setting<TimeField.Unit> TIME_UNIT = new Setting<>(
            PATH + "time.unit",
            Kind.oneOf(TimeField.Unit.values(), TimeField.Unit::text),
            "",
            "What it is counted in, since 1970 UTC; or `iso` for texts like 2001-01-01T08:30:00Z.");
    static final Setting<FieldPath> VALUE_FIELD =
            new Setting<>(PATH + "values.NAME.field", MAYBE, "", "The field with the value.");
    static final Setting<ValueField.Type> VALUE_TYPE = new Setting<>(
            PATH + "values.NAME.type",
            Kind.oneOf(ValueField.Type.values(), ValueField.Type::text),
            "any",
            "What it has to be; a number or a boolean may be written as a text, and either is a text where that is asked for.");
    static final Setting<FieldPath> KIND_FIELD =
            new Setting<>(PATH + "kind.field", GIVEN, "", "The field with the kind.");

    static final List<Entry> ALL = List.of(
            SOURCES,
            TOPIC,
            CLUSTER,
            FORMAT,
            FRAMING,
            SCHEMA,
            MESSAGE,
            ENVELOPE,
            AS,
            KIND,
            ID,
            TIME,
            ENTITIES,
            VALUES,
            DECISION,
            REQUEST,
            SUBJECT,
            SLOT,
            ITEM,
            VALUE,
            IS_FINAL,
            CONTEXT,
            SLATE,
            ARM,
            OLDEST,
            KIND_FIELD,
            TIME_FIELD,
            TIME_UNIT,
            VALUE_FIELD,
            VALUE_TYPE,
            SLATE_FIELD,
            SLATE_ITEM,
            SLATE_FEATURES,
            SLATE_PROPENSITY,
            SLATE_SCORE,
            ARM_FIELD);

    private SourceSettings() {}
}
