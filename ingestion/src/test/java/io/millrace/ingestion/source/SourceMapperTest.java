package io.millrace.ingestion.source;

import static io.millrace.ingestion.source.TestingSources.MICROS;
import static io.millrace.ingestion.source.TestingSources.mapper;
import static io.millrace.ingestion.source.TestingSources.reason;
import static io.millrace.ingestion.source.TestingSources.record;
import static io.millrace.ingestion.source.TestingSources.taken;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceMapperTest {
    private static final String EVENTS = """
            {as: events, kind: click, id: event_id, time: {field: ts, unit: ms},
             entities: {user: user_id, item: product.id},
             values: {price: {field: product.price, type: number}, category: product.category, tags: tags?}}""";
    private static final String DECISION = "01a21045-456b-76b7-b662-ba19967226ef";

    @Test
    void anEventHasWhatTheSpecNames() {
        Mapped.Taken taken = taken(mapper(EVENTS).map(record("""
                {"event_id": "e-1", "ts": 1767225600000, "user_id": 42, "new_field": {"of": "tomorrow"},
                 "product": {"id": "heat", "price": "12.50", "category": "film"}, "tags": ["a", "b"]}""")));
        assertThat(taken.topic()).isEqualTo(Topic.EVENTS);
        assertThat(taken.record())
                .isEqualTo(new Event(
                        "e-1",
                        "click",
                        MICROS,
                        Map.of("user", "42", "item", "heat"),
                        Map.of("price", 12.5, "category", "film", "tags", List.of("a", "b"))));
        assertThat(Codec.of(Event.class).decode(taken.value())).isEqualTo(taken.record());
        assertThat(taken.key()).asString(StandardCharsets.UTF_8).isEqualTo("42");
    }

    @Test
    void anEventWithoutIdAndTimeHasItsPlaceAndTheTimestamp() {
        Mapped.Taken taken = taken(mapper("{as: events, kind: {field: what}}").map(record("{\"what\": \"view\"}")));
        assertThat(taken.record()).isEqualTo(new Event("shop-3-14", "view", MICROS, Map.of(), Map.of()));
        assertThat(taken.key()).asString(StandardCharsets.UTF_8).isEqualTo("view");
    }

    @Test
    void anItemHasItsKey() {
        Mapped.Taken taken = taken(mapper("{as: items, id: '[\"sku\"]', values: {first: 'names[0]', none: gone?}}")
                .map(record("{\"sku\": 7, \"names\": [\"up\"], \"gone\": null}")));
        assertThat(taken.topic()).isEqualTo(Topic.ITEMS);
        assertThat(taken.record()).isEqualTo(new Item("7", MICROS, Map.of("first", "up")));
        assertThat(taken.key()).asString(StandardCharsets.UTF_8).isEqualTo("7");
    }

    @Test
    void feedbackNamesOurDecisionOrTheCallersRequest() {
        String settings =
                "{as: feedback, kind: like, id: i?, decision: d, item: sku?, slot: at?, value: n?, final: f?}";
        SourceMapper mapper = mapper(settings);
        Mapped.Taken ours = taken(mapper.map(record("{\"i\": \"f-1\", \"d\": \"" + DECISION + "\", \"sku\": \"up\"}")));
        assertThat(ours.topic()).isEqualTo(Topic.FEEDBACK);
        assertThat(ours.record())
                .isEqualTo(new Feedback("f-1", DECISION, null, null, null, "up", "like", 1.0, false, MICROS));
        assertThat(ours.key()).asString(StandardCharsets.UTF_8).isEqualTo(DECISION);
        Mapped.Taken callers = taken(mapper.map(record("{\"d\": \"r-1\", \"at\": 2, \"n\": \"3.5\", \"f\": 1}")));
        assertThat(callers.record())
                .isEqualTo(new Feedback("shop-3-14", null, "r-1", null, 2, null, "like", 3.5, true, MICROS));
        assertThat(callers.key()).asString(StandardCharsets.UTF_8).isEqualTo("r-1");
        assertThat(reason(mapper.map(record("{\"d\": 5, \"at\": 2, \"sku\": \"up\"}"))))
                .isEqualTo("s: item: up beside slot 2 (expected: slot or item, not both)");
    }

    @Test
    void feedbackMayNameSubjectAndItem() {
        SourceMapper mapper = mapper("{as: feedback, kind: like, decision: d?, subject: who?, item: sku?}");
        Mapped.Taken unnamed = taken(mapper.map(record("{\"who\": 7, \"sku\": \"up\"}")));
        assertThat(unnamed.record())
                .isEqualTo(new Feedback("shop-3-14", null, null, "7", null, "up", "like", 1.0, false, MICROS));
        assertThat(unnamed.key()).asString(StandardCharsets.UTF_8).isEqualTo("7");
        Feedback named = (Feedback)
                taken(mapper.map(record("{\"d\": \"r-1\", \"who\": 7}"))).record();
        assertThat(named.getRequestId()).isEqualTo("r-1");
        assertThat(named.getSubject()).isNull();
        assertThat(reason(mapper.map(record("{\"who\": 7}"))))
                .isEqualTo("s: sku: missing (expected: given, since no decision is named)");
        assertThat(reason(mapper.map(record("{\"sku\": \"up\"}"))))
                .isEqualTo("s: who: missing (expected: given, since no decision is named)");
    }

    @Test
    void aRequestMayLookLikeOurId() {
        Mapped.Taken taken =
                taken(mapper("{as: feedback, kind: like, request: d}").map(record("{\"d\": \"" + DECISION + "\"}")));
        assertThat(((Feedback) taken.record()).getDecisionId()).isNull();
        assertThat(((Feedback) taken.record()).getRequestId()).isEqualTo(DECISION);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            s   | 1767225600              | 1767225600000000
            s   | 1767225600.25           | 1767225600250000
            s   | "1767225600.000001"     | 1767225600000001
            ms  | 1767225600001           | 1767225600001000
            ms  | 1767225600001.7         | 1767225600001700
            us  | 1767225600000001        | 1767225600000001
            us  | 1767225600000001.5      | 1767225600000001
            iso | "2026-01-01T01:00:00.5+01:00" | 1767225600500000
            """)
    void timeIsReadInItsUnit(String unit, String given, long micros) {
        SourceMapper mapper = mapper("{as: events, kind: a, time: {field: t, unit: " + unit + "}}");
        Mapped.Taken taken = taken(mapper.map(record("{\"t\": " + given + "}")));
        assertThat(((Event) taken.record()).getTimeMicros()).isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ms  | 1767398400000  | t: 1767398400000000 us (expected: at most 24 h ahead of the clock, 2026-01-02T00:00:00Z)
            ms  | 1             | t: 1000 us (expected: at most 3650 days ago, 2016-01-04T00:00:00Z)
            ms  | -1            | t: -1000 us (expected: at most 3650 days ago, 2016-01-04T00:00:00Z)
            ms  | 1e300         | t: 1.0E300 (expected: milliseconds since 1970 UTC)
            ms  | 9223372036854775807 | t: 9223372036854775807 (expected: milliseconds since 1970 UTC)
            s   | "1e999999999" | t: "1e999999999" (expected: seconds since 1970 UTC)
            s   | "soon"        | t: "soon" (expected: seconds since 1970 UTC)
            us  | true          | t: true (expected: microseconds since 1970 UTC)
            iso | 5             | t: 5 (expected: a time in RFC 3339 like 2001-01-01T08:30:00Z)
            iso | "2026-01-01T00:00:00" | t: "2026-01-01T00:00:00" (expected: a time in RFC 3339 like 2001-01-01T08:30:00Z)
            iso | null          | t: missing (expected: a time in RFC 3339 like 2001-01-01T08:30:00Z)
            """)
    void aTimeThatCannotBeIsTold(String unit, String given, String problem) {
        SourceMapper mapper = mapper("{as: events, kind: a, time: {field: t, unit: " + unit + "}}");
        assertThat(reason(mapper.map(record("{\"t\": " + given + "}")))).isEqualTo("s: " + problem);
    }

    @Test
    void theTimestampIsHeldToTheBoundsToo() {
        SourceMapper mapper = mapper("{as: events, kind: a, oldest: 1d}");
        byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(reason(mapper.map(new SourceRecord("t", 0, 0, -1, value))))
                .isEqualTo("s: the record's timestamp: -1 ms (expected: at most 1 days ago, 2025-12-31T00:00:00Z)");
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(reason(mapper(EVENTS).map(record("""
                {"event_id": "", "ts": 1767225600000, "user_id": {"a": 1},
                 "product": {"price": "abc", "category": {}}, "tags": [1]}"""))))
                .isEqualTo("s: event_id: \"\" (expected: a text of 1 to 1024 characters, or a whole number); "
                        + "user_id: {\"a\":1} (expected: a text of 1 to 1024 characters, or a whole number); "
                        + "product.id: missing (expected: a text of 1 to 1024 characters, or a whole number); "
                        + "product.price: \"abc\" (expected: a number); "
                        + "product.category: {} (expected: a finite number, a text, true, false or a list of texts); "
                        + "tags[0]: 1 (expected: a text)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            number  | 5              | 5.0
            number  | "1e3"          | 1000.0
            number  | true           | v: true (expected: a number)
            number  | 9007199254740993 | v: 9007199254740993 (expected: a number that a double holds exactly, or a text)
            text    | 9007199254740993 | 9007199254740993
            text    | true           | true
            text    | [1]            | v: [1] (expected: a text)
            boolean | "true"         | true
            boolean | 0              | false
            boolean | 2              | v: 2 (expected: true or false)
            list    | ["a", 1]       | [a, 1]
            list    | "a"            | v: "a" (expected: a list of texts)
            any     | 1              | 1.0
            any     | {}             | v: {} (expected: a finite number, a text, true, false or a list of texts)
            any     | null           | v: missing (expected: a value)
            any     | "\\ud800"       | v: "?" (expected: a finite number, a text, true, false or a list of texts)
            """)
    void aTypeIsMadeOfWhatStandsThere(String type, String given, String expected) {
        SourceMapper mapper = mapper("{as: items, id: i, values: {v: {field: v, type: " + type + "}}}");
        Mapped mapped = mapper.map(record("{\"i\": 1, \"v\": " + given + "}"));
        String became = mapped instanceof Mapped.Taken taken
                ? String.valueOf(((Item) taken.record()).getValues().get("v"))
                : reason(mapped).substring("s: ".length()).replace('\ud800', '?');
        assertThat(became).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": 1       | s: record: broken JSON at line 1, column 8 (expected: a JSON object; Unexpected end-of-input: expected close marker for Object (start marker at [Source: (byte[])[8 bytes]; line: 1, column: 1]))
            {} {}         | s: record: broken JSON at line 1, column 4 (expected: a JSON object; Trailing token (of type START_OBJECT) found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): not allowed as per...)
            5             | s: record: 5 (expected: an object)
            ``            | s: record: empty (expected: an object)
            """)
    void whatIsNoObjectIsTold(String given, String reason) {
        String told = reason(mapper("{as: items, id: i}").map(record(given)));
        assertThat(told).startsWith(reason.substring(0, Math.min(reason.length(), 40)));
    }

    @Test
    void aRecordThatWouldBeTooLargeIsTold() {
        String large = "x".repeat(1_000_000);
        assertThat(reason(mapper("{as: items, id: i, values: {v: v}}")
                        .map(record("{\"i\": 1, \"v\": \"" + large + "\"}"))))
                .isEqualTo("s: record: 1000029 bytes (expected: at most 1000000 bytes when encoded)");
    }

    @Test
    void aTombstoneIsPassedOver() {
        assertThat(mapper("{as: items, id: i}").map(new SourceRecord("t", 0, 0, 0, null)))
                .isEqualTo(new Mapped.PassedOver("a record without a value"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"op": "c", "before": null, "after": {"i": 1}}
            {"op": "u", "before": {"i": 0}, "after": {"i": 1}}
            {"schema": {}, "payload": {"op": "r", "after": {"i": 1}}}
            """)
    void ofAnEnvelopeTheRowAfterwardsIsTaken(String given) {
        Mapped.Taken taken =
                taken(mapper("{as: items, id: i, envelope: debezium}").map(record(given)));
        assertThat(((Item) taken.record()).getId()).isEqualTo("1");
    }

    @Test
    void anEnvelopeWithoutARowIsPassedOverOrTold() {
        SourceMapper mapper = mapper("{as: items, id: i, envelope: debezium}");
        assertThat(mapper.map(record("{\"op\": \"d\", \"before\": {\"i\": 1}, \"after\": null}")))
                .isEqualTo(new Mapped.PassedOver("a change that leaves no row, such as a delete"));
        assertThat(reason(mapper.map(record("{\"i\": 1}"))))
                .isEqualTo("s: record: op missing (expected: an envelope of Debezium with op c, u, r, d, t or m)");
        assertThat(reason(mapper.map(record("{\"op\": \"u\", \"after\": null}"))))
                .isEqualTo("s: record: op u without after (expected: an envelope of Debezium with the row after it)");
    }

    @Test
    void aFrameIsLookedAt() {
        SourceMapper framed = mapper("{as: items, id: i, framing: confluent}");
        Mapped.Taken taken = taken(framed.map(record("\0\0\0\0\7{\"i\": 1}")));
        assertThat(((Item) taken.record()).getId()).isEqualTo("1");
        assertThat(reason(framed.map(record("{\"i\": 1}"))))
                .isEqualTo(
                        "s: record: first byte 7b (expected: the framing of Confluent, 00 and four bytes; without it,"
                                + " framing: none)");
        assertThat(reason(framed.map(record("\0"))))
                .startsWith("s: record: 1 bytes (expected: the framing of Confluent");
    }
}
