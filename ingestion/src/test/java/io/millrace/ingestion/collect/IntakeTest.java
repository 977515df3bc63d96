package io.millrace.ingestion.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec.Match;
import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import io.millrace.wire.Uuid7;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000;
    private static final KafkaSettings SETTINGS = new KafkaSettings(Map.of(), "test-");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final EventTime TIME = new EventTime(CLOCK, Duration.ofDays(1));
    private static final Uuid7 IDS = new Uuid7(CLOCK, new SplittableRandom(1));
    private static final Intake FEEDBACK = new FeedbackIntake(SETTINGS, Match.DECISION, TIME, IDS);
    private static final Intake BY_SUBJECT = new FeedbackIntake(SETTINGS, Match.SUBJECT_ITEM, TIME, IDS);
    private static final Intake EVENTS = new EventIntake(SETTINGS, TIME, IDS);
    private static final Intake ITEMS = new ItemIntake(SETTINGS, TIME);
    private static final String UUID7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    private final BodyReader bodies = new BodyReader();
    private final List<Outgoing> records = new ArrayList<>();

    @Test
    void readsFeedbackWithAllItsFields() {
        assertThat(problems(FEEDBACK, """
                {"id":"f-1","decision_id":"d-1","slot":2,"kind":"rating","value":-0.5,"final":true,
                 "time":"2001-01-01T08:30:00.000001Z"}""")).isEmpty();
        assertThat(feedback(0))
                .isEqualTo(new Feedback("f-1", "d-1", null, null, 2, null, "rating", -0.5, true, 978_337_800_000_001L));
        assertThat(records.get(0).message().topic()).isEqualTo("test-feedback");
        assertThat(key(0)).isEqualTo("d-1");
    }

    @Test
    void fillsInWhatFeedbackMayLeaveOut() {
        assertThat(problems(FEEDBACK, """
                {"request_id":"ré","item":"m1","kind":"click","slot":null,"value":null,"time":null}""")).isEmpty();
        Feedback feedback = feedback(0);
        assertThat(feedback.getId()).matches(UUID7).isEqualTo(records.get(0).id());
        assertThat(feedback)
                .isEqualTo(
                        new Feedback(feedback.getId(), null, "ré", null, null, "m1", "click", 1.0, false, NOW_MICROS));
        assertThat(key(0)).isEqualTo("ré");
    }

    @Test
    void feedbackMayNameSubjectAndItemWhereThePipelineMatchesThem() {
        assertThat(problems(BY_SUBJECT, """
                {"subject":"ann","item":"m1","kind":"click"}""")).isEmpty();
        assertThat(feedback(0).getSubject()).isEqualTo("ann");
        assertThat(feedback(0).getDecisionId()).isNull();
        assertThat(key(0)).isEqualTo("ann");
        assertThat(problems(BY_SUBJECT, """
                {"subject":"ann","kind":"click","slot":1}"""))
                .containsExactly("item: missing (expected: the item, since a subject is named and no decision)");
        assertThat(problems(BY_SUBJECT, """
                {"subject":"ann","item":"m1","request_id":"r","kind":"click"}"""))
                .containsExactly(
                        "subject: given beside request_id (expected: a decision, or subject and item, not both)");
        assertThat(problems(BY_SUBJECT, """
                {"item":"m1","kind":"click"}"""))
                .containsExactly("decision_id: missing (expected: decision_id or request_id, or subject and item)");
        assertThat(problems(FEEDBACK, """
                {"subject":"ann","item":"m1","kind":"click"}"""))
                .hasSize(2)
                .anyMatch(problem -> problem.startsWith("subject: unknown"))
                .contains("decision_id: missing (expected: decision_id or request_id)");
    }

    @Test
    void aClockThatJumpsBackMintsNoOlderIdAndIsTheTimeAllTheSame() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        Clock jumping = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        Intake intake = new FeedbackIntake(
                SETTINGS,
                Match.DECISION,
                new EventTime(jumping, Duration.ofDays(1)),
                new Uuid7(jumping, new SplittableRandom(2)));
        String line = "{\"request_id\":\"r\",\"kind\":\"click\"}\n";
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(problems(intake, line)).isEmpty();
            ids.add(records.get(0).id());
            now.set(NOW.minus(Duration.ofHours(1)));
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(feedback(0).getTimeMicros()).isEqualTo(NOW_MICROS - 3_600_000_000L);
    }

    @Test
    void listsEverythingWrongWithFeedback() {
        assertThat(problems(FEEDBACK, """
                {"id":"","slot":-1,"kind":7,"value":"1","final":"yes","time":"yesterday","colour":"red"}"""))
                .containsExactly(
                        "colour: unknown (expected: one of decision_id, final, id, item, kind, request_id, slot, time, value)",
                        "id: \"\" (expected: a text of 1 to 1024 characters)",
                        "decision_id: missing (expected: decision_id or request_id)",
                        "slot: -1 (expected: an integer from 0)",
                        "kind: 7 (expected: a text of 1 to 1024 characters)",
                        "value: \"1\" (expected: a finite number)",
                        "final: \"yes\" (expected: true or false)",
                        "time: \"yesterday\" (expected: RFC 3339 like 2001-01-01T08:30:00Z,"
                                + " or microseconds since 1970 as an integer)");
        assertThat(problems(FEEDBACK, """
                {"decision_id":"d","request_id":"r","slot":0,"item":"i","kind":"k"}"""))
                .containsExactly(
                        "request_id: given beside decision_id (expected: decision_id or request_id, not both)",
                        "item: given beside slot (expected: slot or item, not both)");
        assertThat(problems(FEEDBACK, "{\"request_id\":\"r\",\"kind\":\"k\",\"value\":1e999,\"slot\":1.5}"))
                .containsExactly(
                        "slot: 1.5 (expected: an integer from 0)", "value: Infinity (expected: a finite number)");
        assertThat(problems(FEEDBACK, "{\"request_id\":\"\\ud800\",\"kind\":\"k\",\"slot\":99999999999}"))
                .hasSize(2);
    }

    @Test
    void refusesTimesMoreThanADayAhead() {
        String line = "{\"request_id\":\"r\",\"kind\":\"k\",\"time\":%s}";
        long limit = NOW_MICROS + Duration.ofDays(1).toSeconds() * 1_000_000;
        assertThat(problems(FEEDBACK, line.formatted(limit))).isEmpty();
        assertThat(problems(FEEDBACK, line.formatted(limit + 1)))
                .containsExactly(
                        "time: " + (limit + 1) + " (expected: at most 24 h ahead of the clock, 2026-01-02T00:00:00Z)");
        assertThat(problems(FEEDBACK, line.formatted("\"2026-01-02T02:00:00+02:00\"")))
                .isEmpty();
        assertThat(problems(FEEDBACK, line.formatted("\"2026-01-02T00:00:01Z\"")))
                .hasSize(1);
        assertThat(problems(FEEDBACK, line.formatted("1.5"))).hasSize(1);
        assertThat(problems(FEEDBACK, line.formatted("true"))).hasSize(1);
        assertThat(problems(FEEDBACK, line.formatted("\"2001-01-01T08:30:00\"")))
                .hasSize(1);
        assertThat(problems(FEEDBACK, line.formatted("99999999999999999999"))).hasSize(1);
    }

    @Test
    void readsEventsWithEntitiesAndValuesOfAllTypes() {
        assertThat(problems(EVENTS, """
                {"id":"e-1","kind":"view","time":5,"entities":{"user":"u1","page":"p1"},
                 "values":{"price":3.5,"count":7,"name":"x","sold":false,"tags":["a","b"],"none":[],"gone":""}}""")).isEmpty();
        Event event = Codec.of(Event.class).decode(records.get(0).message().value());
        assertThat(event.getEntities()).isEqualTo(Map.of("user", "u1", "page", "p1"));
        assertThat(event.getValues())
                .isEqualTo(Map.of(
                        "price",
                        3.5,
                        "count",
                        7.0,
                        "name",
                        "x",
                        "sold",
                        false,
                        "tags",
                        List.of("a", "b"),
                        "none",
                        List.of(),
                        "gone",
                        ""));
        assertThat(event.getTimeMicros()).isEqualTo(5);
        assertThat(key(0)).isEqualTo("u1");
        assertThat(problems(EVENTS, "{\"kind\":\"tick\"}")).isEmpty();
        assertThat(key(0)).isEqualTo("tick");
    }

    @Test
    void listsEverythingWrongWithAnEvent() {
        assertThat(problems(EVENTS, """
                {"entities":{"user":1,"page":""},
                 "values":{"a":null,"b":{"c":1},"d":["x",2],"e":9007199254740993,"f":1e999,"":1}}"""))
                .containsExactly(
                        "kind: missing (expected: a text of 1 to 1024 characters)",
                        "entities.user: 1 (expected: a text of 1 to 1024 characters)",
                        "entities.page: \"\" (expected: a text of 1 to 1024 characters)",
                        "values: the name \"\" (expected: a text of 1 to 1024 characters)",
                        "values.a: null (expected: a finite number, a text, true, false or a list of texts)",
                        "values.b: {\"c\":1} (expected: a finite number, a text, true, false or a list of texts)",
                        "values.d[1]: 2 (expected: a text)",
                        "values.e: 9007199254740993 (expected: a number that a double holds exactly, or a text)",
                        "values.f: Infinity (expected: a finite number)");
        assertThat(problems(EVENTS, "{\"kind\":\"k\",\"entities\":[],\"values\":3}"))
                .containsExactly("entities: [] (expected: an object)", "values: 3 (expected: an object)");
        assertThat(problems(EVENTS, "{\"kind\":\"k\",\"values\":{\"a\":9007199254740994,\"b\":1e300}}"))
                .isEmpty();
    }

    @Test
    void readsItemsUnderTheirId() {
        assertThat(problems(ITEMS, "{\"id\":\"m1\",\"values\":{\"genres\":[\"Drama\"]}}"))
                .isEmpty();
        Item item = Codec.of(Item.class).decode(records.get(0).message().value());
        assertThat(item.getValues()).isEqualTo(Map.of("genres", List.of("Drama")));
        assertThat(key(0)).isEqualTo("m1");
        assertThat(problems(ITEMS, "{}")).containsExactly("id: missing (expected: a text of 1 to 1024 characters)");
    }

    private List<String> problems(Intake intake, String body) {
        records.clear();
        Problems problems = new Problems();
        bodies.read(
                body.getBytes(StandardCharsets.UTF_8),
                BodyFormat.JSON,
                problems,
                fields -> records.add(intake.read(fields)));
        return problems.list().stream().map(Problem::toString).toList();
    }

    private Feedback feedback(int index) {
        return Codec.of(Feedback.class).decode(records.get(index).message().value());
    }

    private String key(int index) {
        return new String(records.get(index).message().key(), StandardCharsets.UTF_8);
    }
}
