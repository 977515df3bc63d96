package io.millrace.local.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.trace.Trace.Learned;
import io.millrace.local.trace.Trace.Placed;
import io.millrace.local.trace.Trace.ServedBy;
import io.millrace.local.trace.Trace.Version;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.ModelVersion;
import io.millrace.record.Slot;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.DecisionIds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final long MINTED_MS = 1_700_000_000_000L;
    /** A replay: what happened lies years before the machines' clocks. */
    private static final long EVENT_MICROS = 1_000_000_000_000_000L;

    private static final String ID = DecisionIds.mint(MINTED_MS, 1);
    private static final String LATER = DecisionIds.mint(MINTED_MS + 250, 2);

    private final FeatureSet set = new FeatureSet(
            "movies",
            List.of(new Feature("user", FeatureKind.CATEGORICAL), new Feature("age", FeatureKind.NUMERIC)),
            List.of(
                    new Feature("item", FeatureKind.CATEGORICAL),
                    new Feature("genres", FeatureKind.CATEGORICAL_SET),
                    new Feature("words", FeatureKind.WEIGHTED_SET)));
    private final Decision decision = decision();

    @Test
    void featuresAreReadableAndUnknownHashesAreInHex() {
        ReadableFeatures readable = new ReadableFeatures(set, decision);
        assertThat(readable.hashes()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 255L);
        assertThat(readable.read(Map.of(1L, "ann", 2L, "heat", 3L, "crime", 4L, "drama")))
                .containsExactly(Map.of("user", "ann", "item", "heat", "genres", "crime drama", "words", "ff:0.5"));
    }

    @Test
    void theTimelineKeepsEventTimeAndTheMachinesClockApart() {
        assertThat(trace(true).text())
                .contains("decision " + ID + ", request r-1", "by learned, of 3 candidates", "user=ann")
                .contains("version [12]: it had learned what stands before that offset")
                .contains("+1.500 s                    feedback f-1: like 1.0 of slot 0, final (feedback-0, offset 4)")
                .contains(
                        "+1.500 s                    example of slot 0: label 2.0, weight 1.0 (examples-0, offset 12)")
                .contains("+0.200 s, wall clock        version 14 of lineage 0011 is the first with offset 12")
                .contains("+0.250 s, wall clock        decision " + LATER
                        + " is the first by version 14 or later: by 15");
    }

    @Test
    void whatIsNotThereYetIsSaid() {
        assertThat(trace(false).text()).contains("not in a published version yet");
        assertThat(new Trace(placed(decision, "decisions-0", 1), List.of(), List.of(), List.of(), List.of()).text())
                .contains("no example yet", "features cannot be read");
    }

    @Test
    void jsonHoldsTheSame() throws Exception {
        JsonNode life = new ObjectMapper().readTree(trace(true).json());
        assertThat(life.at("/decision/slate/0/features/user").asText()).isEqualTo("ann");
        assertThat(life.at("/feedback/0/delay_micros").asLong()).isEqualTo(1_500_000);
        assertThat(life.at("/examples/0/first_version/to").asLong()).isEqualTo(14);
        assertThat(life.at("/examples/0/first_version/first_served/decision_id").asText())
                .isEqualTo(LATER);
        assertThat(new ObjectMapper()
                        .readTree(trace(false).json())
                        .at("/examples/0/first_version")
                        .isNull())
                .isTrue();
    }

    private Trace trace(boolean published) {
        Feedback feedback = Feedback.newBuilder()
                .setId("f-1")
                .setDecisionId(ID)
                .setSlot(0)
                .setKind("like")
                .setFinal$(true)
                .setTimeMicros(EVENT_MICROS + 1_500_000)
                .build();
        Example example = Example.newBuilder()
                .setDecisionId(ID)
                .setSlot(0)
                .setFeatureSet("movies")
                .setFeatureSetVersion(set.version())
                .setFeatures(ByteBuffer.allocate(0))
                .setReward(2)
                .setPropensity(0.5)
                .setArm("learned")
                .setDecisionTimeMicros(EVENT_MICROS)
                .setLabelDelayMicros(1_500_000)
                .build();
        Version version = new Version(
                "0011",
                10,
                14,
                MINTED_MS * 1000 + 200_000,
                "model-updates-0",
                30,
                Optional.of(new ServedBy(LATER, EVENT_MICROS + 9, 15)));
        return new Trace(
                placed(decision, "decisions-0", 1),
                new ReadableFeatures(set, decision).read(Map.of(1L, "ann")),
                List.of(placed(feedback, "feedback-0", 4)),
                List.of(),
                List.of(new Learned(
                        placed(example, "examples-0", 12), 0, published ? Optional.of(version) : Optional.empty())));
    }

    private Decision decision() {
        FeatureVector vector = new FeatureVector(set);
        vector.categorical(0, 1);
        vector.categorical(2, 2).hashes(3, 3, 4).weightedSet(4, new long[] {255}, new float[] {0.5f});
        return Decision.newBuilder()
                .setId(ID)
                .setRequestId("r-1")
                .setSubject("ann")
                .setTimeMicros(EVENT_MICROS)
                .setFeatureSet("movies")
                .setFeatureSetVersion(set.version())
                .setShared(ByteBuffer.wrap(vector.packShared()))
                .setArm("learned")
                .setExplored(false)
                .setSlate(List.of(new Slot("heat", ByteBuffer.wrap(vector.packCandidate()), 0.5f, 0.25, 0.5)))
                .setCandidates(3)
                .setPolicy("greedy")
                .setModel(new ModelVersion("0011", List.of(12L)))
                .build();
    }

    private static <T> Placed<T> placed(T value, String partition, long offset) {
        return new Placed<>(value, partition, offset);
    }
}
