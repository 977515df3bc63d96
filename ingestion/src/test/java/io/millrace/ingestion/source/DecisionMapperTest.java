package io.millrace.ingestion.source;

import static io.millrace.ingestion.source.TestingSources.MICROS;
import static io.millrace.ingestion.source.TestingSources.mapper;
import static io.millrace.ingestion.source.TestingSources.record;
import static io.millrace.ingestion.source.TestingSources.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.ValueEncoder;
import io.millrace.record.Decision;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionMapperTest {
    private static final String SETTINGS = """
            {as: decisions, id: rid, subject: who, time: {field: at, unit: ms}, context: {hour: h},
             slate: {field: shown, item: sku, features: {age: a?, tags: t?}, propensity: p?, score: s?}}""";
    private static final String RECORD = """
            {"rid": "r-1", "who": 42, "at": 1767225600000, "h": 20, "shown": [
              {"sku": "up", "a": "12.5", "t": ["b", "a", "b"], "p": 0.25, "s": 0.75},
              {"sku": "heat"}]}""";

    private static Mapped.Taken taken(String settings, String value) {
        Mapped mapped = mapper(settings).map(record(value));
        assertThat(mapped).isInstanceOf(Mapped.Taken.class);
        return (Mapped.Taken) mapped;
    }

    @Test
    void aDecisionHasTheFeaturesThatServingWouldHaveLogged() {
        Mapped.Taken taken = taken(SETTINGS, RECORD);
        Decision decision = (Decision) taken.record();
        FeatureSet set = spec(SETTINGS).featureSet();
        FeatureVector vector = new FeatureVector(set);
        ValueEncoder shared = new ValueEncoder(set.features().subList(0, 2), 0, (hash, field, value) -> {});
        shared.encode(Map.of("user", "42", "hour", 20), "", vector, problem -> {});
        ByteBuffer context = ByteBuffer.wrap(vector.packShared());
        ValueEncoder candidate = new ValueEncoder(set.features().subList(2, 5), 2, (hash, field, value) -> {});
        candidate.encode(
                Map.of("item", "up", "age", 12.5, "tags", List.of("a", "b")),
                "",
                vector.clearCandidate(),
                problem -> {});
        ByteBuffer first = ByteBuffer.wrap(vector.packCandidate());
        candidate.encode(Map.of("item", "heat"), "", vector.clearCandidate(), problem -> {});
        ByteBuffer second = ByteBuffer.wrap(vector.packCandidate());

        assertThat(taken.topic()).isEqualTo(Topic.DECISIONS);
        assertThat(taken.key()).asString(StandardCharsets.UTF_8).isEqualTo(decision.getId());
        assertThat(Codec.of(Decision.class).decode(taken.value())).isEqualTo(decision);
        assertThat(decision)
                .isEqualTo(new Decision(
                        decision.getId(),
                        "r-1",
                        "42",
                        MICROS,
                        set.name(),
                        set.version(),
                        context,
                        "external",
                        false,
                        List.of(new Slot("up", first, 0.75f, 0.25, 0.25), new Slot("heat", second, 0f, 1.0, 1.0)),
                        2,
                        List.of(),
                        0.0,
                        "external",
                        null,
                        Map.of(),
                        -1L));
        assertThat(DecisionIds.isDecisionId(decision.getId())).isTrue();
        assertThat(DecisionIds.joinKey(decision.getId())).isEqualTo(DecisionIds.joinKeyOfRequest("r-1"));
        assertThat(DecisionIds.timeMillis(decision.getId())).isEqualTo(MICROS / 1000);
    }

    @Test
    void whatIsReadAgainIsTheSameDecision() {
        assertThat(taken(SETTINGS, RECORD).value())
                .isEqualTo(taken(SETTINGS, RECORD).value());
        String later = RECORD.replace("1767225600000", "1767225600001");
        assertThat(((Decision) taken(SETTINGS, later).record()).getId())
                .isNotEqualTo(((Decision) taken(SETTINGS, RECORD).record()).getId());
    }

    @Test
    void whatStandsBehindItsHashesIsTold() {
        assertThat(taken(SETTINGS, RECORD).names())
                .extracting(name -> name.getField() + " " + name.getValue())
                .containsExactlyInAnyOrder("user 42", "hour 20", "item up", "item heat", "tags a", "tags b");
    }

    @Test
    void withoutIdsAndFeaturesTheElementsAreTheItems() {
        Decision decision = (Decision) taken(
                        "{as: decisions, subject: who, arm: {field: by}, slate: {field: shown}}",
                        "{\"who\": \"ann\", \"by\": \"champion\", \"shown\": [7, \"up\"]}")
                .record();
        assertThat(decision.getRequestId()).isEqualTo("shop-3-14");
        assertThat(decision.getArm()).isEqualTo("champion");
        assertThat(decision.getSlate()).extracting(Slot::getItem).containsExactly("7", "up");
    }

    @Test
    void everythingThatIsWrongIsTold() {
        Mapped mapped = mapper(SETTINGS).map(record("""
                {"rid": "r-1", "at": 1767225600000, "h": 20.5, "shown": [
                  {"sku": "up", "a": "old", "p": 0}, {"t": "a", "p": 1.5}, 5]}"""));
        assertThat(((Mapped.Rejected) mapped).problems())
                .extracting(Object::toString)
                .containsExactly(
                        "who: missing (expected: a text of 1 to 1024 characters, or a whole number)",
                        "context.hour: 20.5 (expected: a string, a whole number or a boolean)",
                        "shown[0].a: \"old\" (expected: a number)",
                        "shown[0].p: 0.0 (expected: a probability above 0 and at most 1)",
                        "shown[1].sku: missing (expected: a text of 1 to 1024 characters, or a whole number)",
                        "shown[1].tags: \"a\" (expected: a list of strings, whole numbers or booleans)",
                        "shown[1].p: 1.5 (expected: a probability above 0 and at most 1)",
                        "shown[2].sku: missing (expected: a text of 1 to 1024 characters, or a whole number)");
        assertThat(((Mapped.Rejected) mapper(SETTINGS).map(record(RECORD.replaceAll("\\[[^$]*]", "[]")))).reason())
                .isEqualTo("s: shown: 0 elements (expected: a list of 1 to 1000 items)");
    }
}
