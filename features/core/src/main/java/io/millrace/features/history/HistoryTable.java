package io.millrace.features.history;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a table: what its columns are, and which rows a record becomes.
 *
 * <p>A record is one row, a decision one for each slot of its slate and for each candidate that was logged though not shown. Every row
 * says where its record lies. Columns follow the records' schemas; a feature vector has a column for each feature that the spec
 * declares. A vector of another feature set is neither lost nor misread: it stands in {@code packed_features} as it was logged,
 * beside its feature set's version, and its row has no features.
 *
 * <p>Not thread-safe.
 */
public final class HistoryTable {
    /** The topics that have one; erasures are those of {@link Topic#EXAMPLES}. */
    public static final List<Topic> TOPICS =
            List.of(Topic.EVENTS, Topic.DECISIONS, Topic.FEEDBACK, Topic.OUTCOMES, Topic.EXAMPLES, Topic.ERASURES);

    private static final String FEATURES = "features";
    private static final String SHARED = "shared";
    private static final String SLATE = "slate";
    private static final String UNSHOWN = "unshown";
    private static final String VERSION = "featureSetVersion";
    private static final String TIME = "timeMicros";
    private static final String DECISION_TIME = "decisionTimeMicros";

    private final Topic topic;
    private final List<Column> columns;
    private final Schema schema;
    private final FeatureSet set;
    private final FeatureVector vector;

    private HistoryTable(Topic topic, PipelineSpec spec) {
        this.topic = topic;
        this.set = spec.featureSet();
        this.vector = new FeatureVector(set);
        this.columns = named(columns(topic, spec));
        this.schema = Schema.createRecord(
                topic.text().replace('-', '_'),
                null,
                "io.millrace.history",
                false,
                columns.stream()
                        .map(column -> new Schema.Field(
                                column.name(),
                                Schema.createUnion(Schema.create(Schema.Type.NULL), column.type()),
                                null,
                                Schema.Field.NULL_DEFAULT_VALUE))
                        .toList());
    }

    /**
     * The table of a topic.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static HistoryTable of(Topic topic, PipelineSpec spec) {
        return new HistoryTable(topic, spec);
    }

    /** Its columns, in order; each may be without a value. */
    public Schema schema() {
        return schema;
    }

    /** The event time by which a record is filed: its own, of an example that of its decision. */
    public static long timeMicros(IndexedRecord log) {
        Schema.@Nullable Field own = log.getSchema().getField(TIME);
        return (long)
                log.get(own == null ? log.getSchema().getField(DECISION_TIME).pos() : own.pos());
    }

    /**
     * Tells the rows of a record.
     *
     * @param log one of the topic's records
     * @param partition where it lies
     * @param out gets each row, to be used before the next
     */
    public void rows(IndexedRecord log, int partition, long offset, Consumer<GenericRecord> out) {
        if (log instanceof Decision decision) {
            slots(decision, partition, offset, out);
            return;
        }
        Schema.@Nullable Field features = log.getSchema().getField(FEATURES);
        if (features == null) {
            out.accept(row(new RowSource(log, partition, offset, null, null, null, null)));
        } else {
            ByteBuffer packed = (ByteBuffer) log.get(features.pos());
            out.accept(row(unpacked(log, partition, offset, null, null, packed)));
        }
    }

    private void slots(Decision decision, int partition, long offset, Consumer<GenericRecord> out) {
        for (int slot = 0; slot < decision.getSlate().size(); slot++) {
            Slot shown = decision.getSlate().get(slot);
            ByteBuffer whole = whole(decision.getShared(), shown.getFeatures());
            out.accept(row(unpacked(decision, partition, offset, shown, slot, whole)));
        }
        for (Candidate unshown : decision.getUnshown()) {
            ByteBuffer whole = whole(decision.getShared(), unshown.getFeatures());
            out.accept(row(unpacked(decision, partition, offset, unshown, null, whole)));
        }
        if (decision.getSlate().isEmpty() && decision.getUnshown().isEmpty()) {
            out.accept(row(new RowSource(decision, partition, offset, null, null, null, null)));
        }
    }

    private static ByteBuffer whole(ByteBuffer shared, ByteBuffer candidate) {
        return ByteBuffer.allocate(shared.remaining() + candidate.remaining())
                .put(shared.duplicate())
                .put(candidate.duplicate())
                .flip();
    }

    private RowSource unpacked(
            IndexedRecord log,
            int partition,
            long offset,
            @Nullable IndexedRecord candidate,
            @Nullable Integer slot,
            ByteBuffer packed) {
        long version = (long) log.get(log.getSchema().getField(VERSION).pos());
        if (version == set.version()) {
            try {
                return new RowSource(log, partition, offset, candidate, slot, vector.unpack(packed.duplicate()), null);
            } catch (MalformedVectorException e) {
                return new RowSource(log, partition, offset, candidate, slot, null, packed);
            }
        }
        return new RowSource(log, partition, offset, candidate, slot, null, packed);
    }

    private GenericRecord row(RowSource source) {
        GenericRecord row = new GenericData.Record(schema);
        for (int i = 0; i < columns.size(); i++) {
            row.put(i, columns.get(i).value().apply(source));
        }
        return row;
    }

    private static List<Column> columns(Topic topic, PipelineSpec spec) {
        if (!TOPICS.contains(topic)) {
            throw new IllegalArgumentException("topic: " + topic.text() + " (expected: one of " + TOPICS + ")");
        }
        Schema record = topic.schema().orElseThrow();
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("kafka_partition", Schema.Type.INT, RowSource::partition));
        columns.add(new Column("kafka_offset", Schema.Type.LONG, RowSource::offset));
        switch (topic) {
            case EVENTS -> {
                columns.addAll(RecordColumns.of(record, Set.of("entities", "values"), RowSource::log));
                columns.addAll(EventColumns.of(spec.events().values()));
            }
            case DECISIONS -> {
                columns.addAll(RecordColumns.of(record, Set.of(SHARED, SLATE, UNSHOWN), RowSource::log));
                columns.addAll(slotColumns());
                columns.addAll(VectorColumns.of(spec.featureSet()));
            }
            case OUTCOMES, EXAMPLES -> {
                columns.addAll(RecordColumns.of(record, Set.of(FEATURES), RowSource::log));
                columns.addAll(VectorColumns.of(spec.featureSet()));
            }
            default -> columns.addAll(RecordColumns.of(record, Set.of(), RowSource::log));
        }
        return columns;
    }

    private static List<Column> slotColumns() {
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("slot", new Column("slot", Schema.Type.INT, RowSource::slot));
        columns.put(
                "shown",
                new Column(
                        "shown",
                        Schema.Type.BOOLEAN,
                        source -> source.candidate() == null ? null : source.slot() != null));
        for (Schema one : List.of(Slot.getClassSchema(), Candidate.getClassSchema())) {
            RecordColumns.of(one, Set.of(FEATURES), RowSource::candidate)
                    .forEach(column -> columns.putIfAbsent(column.name(), column));
        }
        return List.copyOf(columns.values());
    }

    /** Letters, digits and underscores only, as everybody's tools want it; the second of two that are then alike ends in {@code _2}. */
    private static List<Column> named(List<Column> columns) {
        Set<String> taken = new HashSet<>();
        List<Column> named = new ArrayList<>();
        for (Column column : columns) {
            String plain = column.name().replaceAll("[^A-Za-z0-9_]", "_");
            String name = plain;
            for (int n = 2; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
                name = plain + "_" + n;
            }
            named.add(column.named(name));
        }
        return named;
    }

    @Override
    public String toString() {
        return topic.text() + schema.getFields();
    }
}
