package io.millrace.features.spec;

import io.millrace.features.spec.SourceSettings.SourceKind;
import io.millrace.features.spec.SourceSpec.Format;
import io.millrace.features.spec.SourceSpec.Framing;
import io.millrace.features.spec.SourceSpec.TimeField;
import io.millrace.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code sources}. */
final class SourcesReader {
    private static final FieldPath NOWHERE = FieldPath.parse("nowhere").orElseThrow();

    private final String name;
    private final Section section;
    private final TargetReader.Surroundings pipeline;

    private SourcesReader(String name, Section section, TargetReader.Surroundings pipeline) {
        this.name = name;
        this.section = section;
        this.pipeline = pipeline;
    }

    static List<SourceSpec> read(Section sources, TargetReader.Surroundings pipeline) {
        List<SourceSpec> read = new ArrayList<>();
        for (String name : sources.names()) {
            if (Kind.name().parse().apply(name).isEmpty()) {
                sources.report(
                        sources.key(name),
                        new Problem(sources.at(name), name, Kind.name().expected()));
            }
            Section section = sources.section(name);
            Optional<SourceSpec> source = new SourcesReader(name, section, pipeline).source();
            source.ifPresent(given -> checkIds(section, given, read));
            source.ifPresent(read::add);
        }
        return read;
    }

    /** The place of a record is the id of one record of a kind, not of two. */
    private static void checkIds(Section section, SourceSpec source, List<SourceSpec> before) {
        before.stream()
                .filter(other -> hasPlaceAsId(source)
                        && hasPlaceAsId(other)
                        && other.place().equals(source.place())
                        && other.target().text().equals(source.target().text()))
                .findFirst()
                .ifPresent(other -> section.reportMissing(
                        section.at(SourceSettings.ID.key()),
                        "a path: " + other.name() + " makes " + source.target().text() + " of " + source.place()
                                + ", too, and a record's place can be the id of one only"));
    }

    private static boolean hasPlaceAsId(SourceSpec source) {
        return source.target() instanceof SourceTarget.Events events && events.id() == null
                || source.target() instanceof SourceTarget.Feedback feedback && feedback.id() == null
                || source.target() instanceof SourceTarget.Decisions decisions && decisions.id() == null;
    }

    /** Nothing where it is not known what its records become, which is reported. */
    private Optional<SourceSpec> source() {
        String topic = topic();
        String cluster = text(SourceSettings.CLUSTER, SourceSettings.CLUSTER_KIND);
        Format format = section.value(SourceSettings.FORMAT);
        Framing framing = section.value(SourceSettings.FRAMING);
        String schema = text(SourceSettings.SCHEMA, SourceSettings.FILE);
        String message = text(SourceSettings.MESSAGE, SourceSettings.MESSAGE_KIND);
        if (section.isSound(SourceSettings.FORMAT) && section.isSound(SourceSettings.FRAMING)) {
            checkSchema(format, framing);
        }
        SourceSpec.Envelope envelope = section.value(SourceSettings.ENVELOPE);
        TimeField time = time();
        Duration oldest = section.value(SourceSettings.OLDEST);
        Optional<SourceKind> kind = kind();
        if (kind.isEmpty()) {
            // What else belongs here depends on it.
            return Optional.empty();
        }
        SourceTarget target = new TargetReader(section, pipeline).read(kind.get());
        section.reportUnknown();
        return Optional.of(
                new SourceSpec(name, topic, cluster, format, framing, schema, message, envelope, target, time, oldest));
    }

    private String topic() {
        Optional<String> given = Optional.ofNullable(text(SourceSettings.TOPIC, SourceSettings.TOPIC_KIND));
        return given.orElse(name);
    }

    private Optional<SourceKind> kind() {
        if (!section.has(SourceSettings.AS.key())) {
            section.reportMissing(section.at(SourceSettings.AS.key()), SourceSettings.AS.expected());
            return Optional.empty();
        }
        return section.node(SourceSettings.AS.key())
                .flatMap(node -> section.scalar(node, section.at(SourceSettings.AS.key()), SourceSettings.AS.kind()));
    }

    private @Nullable String text(Entry entry, Kind<String> kind) {
        return section.node(entry.key())
                .flatMap(node -> section.scalar(node, section.at(entry.key()), kind))
                .orElse(null);
    }

    /** A schema is given where it is needed, and nowhere else. */
    private void checkSchema(Format format, Framing framing) {
        boolean isBareAvro = format == Format.AVRO && framing == Framing.NONE;
        boolean isProtobuf = format == Format.PROTOBUF;
        String other = format == Format.AVRO
                ? "nothing: with this framing the registry has the schema"
                : "nothing: " + format.text() + " needs none";
        checkGiven(SourceSettings.SCHEMA, isBareAvro || isProtobuf, other);
        checkGiven(SourceSettings.MESSAGE, isProtobuf, "nothing: only protobuf needs one");
    }

    private void checkGiven(Entry entry, boolean isNeeded, String otherwise) {
        String key = entry.key();
        if (isNeeded && !section.has(key)) {
            section.reportMissing(section.at(key), entry.expected());
        } else if (!isNeeded && section.has(key)) {
            section.report(section.key(key), new Problem(section.at(key), "given", otherwise));
        }
    }

    private @Nullable TimeField time() {
        if (section.node(SourceSettings.TIME.key()).isEmpty()) {
            return null;
        }
        Section time = section.section(SourceSettings.TIME.key());
        TimeField field = new TimeField(
                time.value(SourceSettings.TIME_FIELD, NOWHERE),
                time.value(SourceSettings.TIME_UNIT, TimeField.Unit.MILLIS));
        time.reportUnknown();
        return field;
    }
}
