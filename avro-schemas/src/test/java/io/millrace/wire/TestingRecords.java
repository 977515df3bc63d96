package io.millrace.wire;

import io.millrace.record.AggregateValue;
import io.millrace.record.Alert;
import io.millrace.record.Candidate;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Delta;
import io.millrace.record.Erasure;
import io.millrace.record.Event;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.ExcludedRange;
import io.millrace.record.FeatureValues;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.record.LineagePlan;
import io.millrace.record.Manifest;
import io.millrace.record.Metric;
import io.millrace.record.ModelControl;
import io.millrace.record.ModelVersion;
import io.millrace.record.Name;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.record.Severity;
import io.millrace.record.ShardBase;
import io.millrace.record.Slot;
import io.millrace.record.SourceOffset;
import io.millrace.record.SourcePosition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One record of every type that travels, with every field set. */
final class TestingRecords {
    static final String DECISION = "01890a5d-ac96-774b-bcce-b302099a8057";
    private static final String LINEAGE = "5f3a9c1e00d2b847";
    private static final long MICROS = 1_700_000_000_123_456L;

    private TestingRecords() {}

    static List<SpecificRecord> all() {
        return List.of(
                event(),
                item(),
                decision(),
                feedback(),
                outcome(),
                example(),
                new Name(-42L, "genres", "Größe"),
                new FeatureValues(
                        "user",
                        "00000000000000ff",
                        MICROS,
                        List.of(new AggregateValue("user_likes", -42L, List.of(0.75), List.of(7L), MICROS + 1)),
                        3L,
                        List.of(new SourcePosition("events", 2, 41L))),
                new SourceOffset("clicks", "shop", "eY3FvDXrTCu4Pcq0Bt4WYA", "shop.clicks", 1, 4_000L),
                manifest(),
                delta(),
                new Metric("progressive", Map.of("arm", "learned"), MICROS, Map.of("log_loss", 0.6225)),
                new Alert("model", Severity.CRITICAL, "log_loss: NaN (expected: a finite number)", MICROS),
                deadLetter(),
                control(),
                new Erasure(-41L, MICROS));
    }

    static Event event() {
        return new Event("e-1", "departure", MICROS, Map.of("flight", "UA 1"), Map.of("late", List.of("wind", "crew")));
    }

    private static Item item() {
        return new Item("tt0111161", MICROS, Map.of("year", 1994.0));
    }

    private static Decision decision() {
        return Decision.newBuilder()
                .setId(DECISION)
                .setRequestId("request-1")
                .setSubject("user-7")
                .setTimeMicros(MICROS)
                .setFeatureSet("movies")
                .setFeatureSetVersion(-7)
                .setShared(bytes(1, 2, 3))
                .setArm("learned")
                .setExplored(true)
                .setSlate(List.of(new Slot("tt0111161", bytes(4), 0.5f, 0.25, 0.125)))
                .setCandidates(20)
                .setUnshown(List.of(new Candidate("tt0068646", bytes(5), -1.5f)))
                .setUnshownRate(0.1)
                .setPolicy("epsilon_greedy 0.05")
                .setModel(new ModelVersion(LINEAGE, List.of(17L, 0L)))
                .setVariants(Map.of("layout", "b"))
                .setFeaturesOffset(43)
                .build();
    }

    private static Feedback feedback() {
        return Feedback.newBuilder()
                .setId("f-1")
                .setDecisionId(DECISION)
                .setRequestId("request-1")
                .setSlot(2)
                .setItem("tt0111161")
                .setKind("rating")
                .setValue(4.5)
                .setFinal$(true)
                .setTimeMicros(MICROS)
                .build();
    }

    private static Outcome outcome() {
        return Outcome.newBuilder()
                .setId("f-1")
                .setDecisionId(DECISION)
                .setSlot(0)
                .setItem("tt0111161")
                .setSubject("user-7")
                .setArm("control")
                .setKind("click")
                .setValue(1)
                .setClosed(true)
                .setReward(3)
                .setTimeMicros(MICROS + 5)
                .setDecisionTimeMicros(MICROS)
                .setFeatureSet("movies")
                .setFeatureSetVersion(-7)
                .setFeatures(bytes(1, 2, 3, 4))
                .setVariants(Map.of("layout", "b"))
                .setReplaced(new ReplacedLabel(1.0, MICROS + 3))
                .build();
    }

    static Example example() {
        return Example.newBuilder()
                .setDecisionId(DECISION)
                .setSlot(1)
                .setKind(ExampleKind.CORRECTION)
                .setFeatureSet("movies")
                .setFeatureSetVersion(-7)
                .setFeatures(bytes(1, 2, 3, 4))
                .setReward(2)
                .setReplacedReward(0.0)
                .setWeight(10)
                .setPropensity(0.05)
                .setArm("learned")
                .setDecisionTimeMicros(MICROS)
                .setLabelDelayMicros(1_800_000_000L)
                .setVariants(Map.of("layout", "b"))
                .build();
    }

    private static Manifest manifest() {
        return new Manifest(
                "movies",
                LINEAGE,
                "ftrl alpha=0.1",
                42L,
                "d3Jlc3RsZQ",
                "root",
                List.of(new ShardBase(0, 17L, "00ff00ff00ff00ff", "file:/bases/17", 99L)),
                Map.of("jdk", "17"),
                MICROS,
                "pipeline: movies\n",
                List.of(new ExcludedRange(0, 3L, 9L)),
                List.of("shared categorical user\n"),
                List.of(new Erasure(-41L, MICROS)));
    }

    private static ModelControl control() {
        return new ModelControl(
                "movies",
                3L,
                LINEAGE,
                new ShardBase(0, 40L, "00ff00ff00ff00ff", "file:/bases/40", 98L),
                List.of(new LineagePlan(
                        LINEAGE,
                        "pipeline: movies\n",
                        "00ff00ff00ff00fe",
                        "file:/bases/root",
                        List.of(new ExcludedRange(0, 3L, 9L)),
                        List.of("shared categorical user\n"),
                        List.of(new ShardBase(0, 2L, "00ff00ff00ff00fd", "file:/bases/2", 97L)),
                        true,
                        List.of(new Erasure(-41L, MICROS)))),
                "rebuild --without 3..9",
                MICROS);
    }

    private static Delta delta() {
        return Delta.newBuilder()
                .setModel("movies")
                .setLineage(LINEAGE)
                .setShard(0)
                .setFrom(17)
                .setTo(40)
                .setPart(1)
                .setParts(2)
                .setIndices(bytes(3, 1))
                .setValues(bytes(0, 0, 128, 63, 0, 0, 0, 64))
                .setDigest("00ff00ff00ff00ff")
                .setExamples(23)
                .setPublishedMicros(MICROS)
                .build();
    }

    private static DeadLetter deadLetter() {
        return new DeadLetter("feedback", 0, 12L, "join", "no record", bytes(0xff), MICROS);
    }

    private static ByteBuffer bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteBuffer.wrap(bytes);
    }
}
