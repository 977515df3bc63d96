package io.millrace.features.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.record.Event;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.ModelVersion;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;

class HistoryTableTest {
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: shop
            decision:
              subject: user
              context: {hour: numeric, seen: sequence}
              candidate:
                item: categorical
                tags: categorical_set
                taste: weighted_set
                picture: embedding
                a-b: numeric
                a.b: numeric
            feedback: {reward: {click: 1}}
            events:
              sale: {entities: [user, item], values: {price: numeric, shop: categorical, tags: categorical_set}}
              visit: {entities: [user], values: {shop: numeric, page: categorical}}
            """, "shop.yaml");
    private static final FeatureSet SET = SPEC.featureSet();
    private static final long TIME = 1_777_593_600_123_456L;

    private final FeatureVector vector = new FeatureVector(SET);

    private static List<Map<String, Object>> rows(Topic topic, IndexedRecord log) {
        HistoryTable table = HistoryTable.of(topic, SPEC);
        List<Map<String, Object>> rows = new ArrayList<>();
        table.rows(log, 2, 17, row -> {
            assertThat(GenericData.get().validate(table.schema(), row)).isTrue();
            Map<String, Object> values = new LinkedHashMap<>();
            for (Schema.Field field : table.schema().getFields()) {
                Object value = row.get(field.pos());
                values.put(field.name(), value instanceof List<?> list ? new ArrayList<>(list) : value);
            }
            rows.add(values);
        });
        return rows;
    }

    private FeatureVector full() {
        return vector.clear()
                .categorical(0, FeatureHash.of("user").hash("ann"))
                .numeric(1, 20.5f)
                .hashes(2, 5, 5, 4)
                .categorical(3, -7)
                .hashes(4, 1, 2)
                .weightedSet(5, new long[] {8, 9}, new float[] {0.5f, -1})
                .embedding(6, 1, 2, 3)
                .numeric(7, 1)
                .numeric(8, 2);
    }

    private static Example.Builder example(byte[] features) {
        return Example.newBuilder()
                .setDecisionId("d")
                .setSlot(1)
                .setKind(ExampleKind.CORRECTION)
                .setFeatureSet("shop")
                .setFeatureSetVersion(SET.version())
                .setFeatures(ByteBuffer.wrap(features))
                .setReward(1)
                .setReplacedReward(0.0)
                .setPropensity(0.25)
                .setArm("learned")
                .setDecisionTimeMicros(TIME)
                .setLabelDelayMicros(1_500)
                .setVariants(Map.of("color", "red"));
    }

    @Test
    void everyFeatureOfAnExampleHasAColumnOfItsType() {
        Map<String, Object> row =
                rows(Topic.EXAMPLES, example(full().pack()).build()).get(0);
        Map<String, Object> expected = new HashMap<>();
        expected.put("kafka_partition", 2);
        expected.put("kafka_offset", 17L);
        expected.put("decision_id", "d");
        expected.put("slot", 1);
        expected.put("kind", "CORRECTION");
        expected.put("feature_set", "shop");
        expected.put("feature_set_version", SET.version());
        expected.put("reward", 1.0);
        expected.put("replaced_reward", 0.0);
        expected.put("weight", 1.0);
        expected.put("propensity", 0.25);
        expected.put("arm", "learned");
        expected.put("decision_time", TIME);
        expected.put("label_delay_micros", 1_500L);
        expected.put("variants", Map.of("color", "red"));
        expected.put("packed_features", null);
        expected.put("f_user", FeatureHash.of("user").hash("ann"));
        expected.put("f_hour", 20.5f);
        expected.put("f_seen", List.of(5L, 5L, 4L));
        expected.put("f_item", -7L);
        expected.put("f_tags", List.of(1L, 2L));
        expected.put("f_taste", List.of(8L, 9L));
        expected.put("f_taste_weights", List.of(0.5f, -1f));
        expected.put("f_picture", List.of(1f, 2f, 3f));
        expected.put("f_a_b", 1f);
        expected.put("f_a_b_2", 2f);
        assertThat(row).containsExactlyInAnyOrderEntriesOf(expected);
        Schema time = HistoryTable.of(Topic.EXAMPLES, SPEC)
                .schema()
                .getField("decision_time")
                .schema()
                .getTypes()
                .get(1);
        assertThat(LogicalTypes.fromSchema(time)).isEqualTo(LogicalTypes.timestampMicros());
    }

    @Test
    void anOutcomeHasTheLabelThatItReplacesAndWhenThatOneClosed() {
        Outcome.Builder outcome = Outcome.newBuilder()
                .setId("f1")
                .setDecisionId("d")
                .setSlot(1)
                .setItem("i")
                .setSubject("ann")
                .setArm("learned")
                .setKind("click")
                .setValue(1)
                .setClosed(false)
                .setReward(1)
                .setTimeMicros(TIME + 9)
                .setDecisionTimeMicros(TIME)
                .setFeatureSet("shop")
                .setFeatureSetVersion(SET.version())
                .setFeatures(ByteBuffer.wrap(full().pack()));
        assertThat(rows(Topic.OUTCOMES, outcome.build()).get(0))
                .containsEntry("replaced_reward", null)
                .containsEntry("replaced_time", null);
        outcome.setFeatures(ByteBuffer.wrap(full().pack())).setReplaced(new ReplacedLabel(0.5, TIME + 3));
        assertThat(rows(Topic.OUTCOMES, outcome.build()).get(0))
                .containsEntry("replaced_reward", 0.5)
                .containsEntry("replaced_time", TIME + 3)
                .containsEntry("reward", 1.0);
    }

    @Test
    void aMissingFeatureHasNoValueAndAnEmptySetIsEmpty() {
        byte[] packed = vector.clear().hashes(4).pack();
        Map<String, Object> row = rows(Topic.EXAMPLES, example(packed).build()).get(0);
        assertThat(row).containsEntry("f_user", null).containsEntry("f_tags", List.of());
        assertThat(row).containsEntry("f_taste", null).containsEntry("f_taste_weights", null);
    }

    @Test
    void aVectorOfAnotherFeatureSetStaysAsItWasLogged() {
        byte[] packed = full().pack();
        Example other = example(packed).setFeatureSetVersion(5).build();
        Map<String, Object> row = rows(Topic.EXAMPLES, other).get(0);
        assertThat(row)
                .containsEntry("packed_features", ByteBuffer.wrap(packed))
                .containsEntry("feature_set_version", 5L)
                .containsEntry("f_user", null)
                .containsEntry("f_hour", null);
    }

    @Test
    void bytesThatAreNoVectorStayAsTheyWereLogged() {
        byte[] broken = {1, 2, 3};
        Map<String, Object> row = rows(Topic.EXAMPLES, example(broken).build()).get(0);
        assertThat(row)
                .containsEntry("packed_features", ByteBuffer.wrap(broken))
                .containsEntry("f_user", null);
    }

    private Decision.Builder decision() {
        FeatureVector filled = full();
        byte[] shared = filled.packShared();
        byte[] candidate = filled.packCandidate();
        return Decision.newBuilder()
                .setId("d")
                .setRequestId(null)
                .setSubject("ann")
                .setTimeMicros(TIME)
                .setFeatureSet("shop")
                .setFeatureSetVersion(SET.version())
                .setShared(ByteBuffer.wrap(shared))
                .setArm("learned")
                .setExplored(true)
                .setSlate(List.of(
                        new Slot("i0", ByteBuffer.wrap(candidate), 0.5f, 0.25, 0.5),
                        new Slot("i1", ByteBuffer.wrap(vector.clearCandidate().packCandidate()), 0.4f, 0.1, 0.2)))
                .setCandidates(9)
                .setUnshown(List.of(new Candidate("i2", ByteBuffer.wrap(candidate), 0.3f)))
                .setUnshownRate(0.1)
                .setPolicy("greedy")
                .setModel(new ModelVersion("abc", List.of(4L, 5L)));
    }

    @Test
    void aDecisionIsARowForEachSlotAndEachLoggedCandidate() {
        List<Map<String, Object>> rows = rows(Topic.DECISIONS, decision().build());
        assertThat(rows).extracting(row -> row.get("item")).containsExactly("i0", "i1", "i2");
        assertThat(rows).extracting(row -> row.get("slot")).containsExactly(0, 1, null);
        assertThat(rows).extracting(row -> row.get("shown")).containsExactly(true, true, false);
        assertThat(rows).extracting(row -> row.get("propensity")).containsExactly(0.25, 0.1, null);
        assertThat(rows).extracting(row -> row.get("score")).containsExactly(0.5f, 0.4f, 0.3f);
        assertThat(rows).extracting(row -> row.get("f_item")).containsExactly(-7L, null, -7L);
        assertThat(rows)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("id", "d")
                        .containsEntry("request_id", null)
                        .containsEntry("time", TIME)
                        .containsEntry("model_lineage", "abc")
                        .containsEntry("model_offsets", List.of(4L, 5L))
                        .containsEntry("f_hour", 20.5f)
                        .doesNotContainKeys("shared", "slate", "unshown", "features"));
    }

    @Test
    void aDecisionOfAnotherFeatureSetKeepsTheWholeVectorOfEachSlot() {
        Map<String, Object> row = rows(
                        Topic.DECISIONS, decision().setFeatureSetVersion(1).build())
                .get(0);
        assertThat(row).containsEntry("packed_features", ByteBuffer.wrap(full().pack()));
    }

    @Test
    void aDecisionWithoutAnySlotIsARowAllTheSame() {
        List<Map<String, Object>> rows = rows(
                Topic.DECISIONS,
                decision()
                        .setSlate(List.of())
                        .setUnshown(List.of())
                        .setModel(null)
                        .build());
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0))
                .containsEntry("id", "d")
                .containsEntry("slot", null)
                .containsEntry("shown", null)
                .containsEntry("model_lineage", null);
    }

    @Test
    void anEventHasAColumnForEachDeclaredValueAndTheRestIsText() {
        Event event = new Event(
                "e",
                "sale",
                TIME,
                Map.of("user", "ann", "shelf", "s1"),
                Map.of("price", 2.5, "shop", "corner", "tags", List.of("x", "y"), "page", 3.0, "new", true));
        Map<String, Object> row = rows(Topic.EVENTS, event).get(0);
        assertThat(row)
                .containsEntry("entity_user", "ann")
                .containsEntry("entity_item", null)
                .containsEntry("other_entities", "{\"shelf\": \"s1\"}")
                .containsEntry("value_price", 2.5)
                .containsEntry("value_tags", List.of("x", "y"))
                .containsEntry("value_page", null)
                .as("page is declared a category, and shop differs between kinds")
                .containsEntry("other_values", "{\"new\": true, \"page\": 3.0, \"shop\": \"corner\"}")
                .doesNotContainKey("value_shop");
    }

    @Test
    void feedbackIsItsFields() {
        Feedback feedback = Feedback.newBuilder()
                .setId("f")
                .setRequestId("r")
                .setItem("i1")
                .setKind("click")
                .setFinal$(true)
                .setTimeMicros(TIME)
                .build();
        assertThat(rows(Topic.FEEDBACK, feedback).get(0))
                .containsEntry("id", "f")
                .containsEntry("decision_id", null)
                .containsEntry("request_id", "r")
                .containsEntry("slot", null)
                .containsEntry("value", 1.0)
                .containsEntry("final", true)
                .containsEntry("time", TIME);
    }

    @Test
    void recordsAreFiledByTheirTimeAndExamplesByThatOfTheirDecision() {
        assertThat(HistoryTable.timeMicros(decision().build())).isEqualTo(TIME);
        assertThat(HistoryTable.timeMicros(example(new byte[0]).build())).isEqualTo(TIME);
    }

    @Test
    void aFieldThatIsAddedToARecordIsAColumn() {
        Schema schema = SchemaBuilder.record("Grown")
                .fields()
                .requiredString("id")
                .name("readTimeMicros")
                .type()
                .optional()
                .longType()
                .name("parts")
                .type()
                .array()
                .items()
                .record("Part")
                .fields()
                .requiredInt("n")
                .endRecord()
                .noDefault()
                .endRecord();
        assertThat(RecordColumns.of(schema, Set.of("id"), RowSource::log))
                .extracting(Column::name, column -> column.type().getType())
                .containsExactly(tuple("read_time", Schema.Type.LONG), tuple("parts", Schema.Type.STRING));
    }

    @Test
    void aTopicWithoutATableIsTold() {
        assertThatThrownBy(() -> HistoryTable.of(Topic.NAMES, SPEC))
                .hasMessageContaining("topic: names")
                .hasMessageContaining("expected");
    }
}
