package io.millrace.features.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.features.spec.FieldPath.Name;
import io.millrace.features.spec.FieldPath.Position;
import io.millrace.features.spec.SourceSpec.Envelope;
import io.millrace.features.spec.SourceSpec.Format;
import io.millrace.features.spec.SourceSpec.Framing;
import io.millrace.features.spec.SourceSpec.TimeField;
import io.millrace.features.spec.SourceTarget.ValueField;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesReaderTest {
    private static final String HEAD = """
            pipeline: p
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            sources:
            """;

    private static PipelineSpec read(String sources) {
        return SpecReader.read(HEAD + sources.indent(2), "p.yaml");
    }

    private static List<String> problems(String sources) {
        return catchThrowableOfType(SpecException.class, () -> read(sources)).problems().stream()
                .map(SpecProblem::toString)
                .toList();
    }

    private static FieldPath path(String text) {
        return FieldPath.parse(text).orElseThrow();
    }

    @Test
    void readsEvents() {
        SourceSpec source = read("""
                clicks:
                  topic: shop.clicks
                  cluster: shop-1
                  format: avro
                  schema: clicks.avsc
                  envelope: debezium
                  as: events
                  kind: {field: what}
                  id: event_id
                  time: {field: ts, unit: us}
                  oldest: 30d
                  entities: {user: user_id, item: product.id?}
                  values: {price: {field: product.price, type: number}, category: product.category}
                """).sources().get(0);
        assertThat(source)
                .isEqualTo(new SourceSpec(
                        "clicks",
                        "shop.clicks",
                        "shop-1",
                        Format.AVRO,
                        Framing.NONE,
                        "clicks.avsc",
                        null,
                        Envelope.DEBEZIUM,
                        new SourceTarget.Events(
                                path("event_id"),
                                SourceTarget.KindField.in(path("what")),
                                Map.of("user", path("user_id"), "item", path("product.id?")),
                                Map.of(
                                        "price", new ValueField(path("product.price"), ValueField.Type.NUMBER),
                                        "category", new ValueField(path("product.category"), ValueField.Type.ANY))),
                        new TimeField(path("ts"), TimeField.Unit.MICROS),
                        Duration.ofDays(30)));
        assertThat(((SourceTarget.Events) source.target()).entities().keySet()).containsExactly("user", "item");
    }

    @Test
    void readsItemsAndFeedbackWithDefaults() {
        List<SourceSpec> sources = read("""
                products: {as: items, id: sku}
                likes: {as: feedback, kind: like, decision: rid, item: sku, value: n?, final: done?}
                """).sources();
        assertThat(sources).extracting(SourceSpec::name).containsExactly("products", "likes");
        assertThat(sources.get(0))
                .isEqualTo(new SourceSpec(
                        "products",
                        "products",
                        null,
                        Format.JSON,
                        Framing.NONE,
                        null,
                        null,
                        Envelope.NONE,
                        new SourceTarget.Items(path("sku"), Map.of()),
                        null,
                        Duration.ofDays(3650)));
        assertThat(sources.get(1).target())
                .isEqualTo(new SourceTarget.Feedback(
                        null,
                        new SourceTarget.DecisionField(path("rid"), false),
                        null,
                        null,
                        path("sku"),
                        SourceTarget.KindField.of("like"),
                        path("n?"),
                        path("done?")));
    }

    @Test
    void feedbackMayNameASubjectWhereTheSpecSaysSo() {
        String bySubject = HEAD.replace("feedback: {", "feedback: {match: subject_item, ");
        List<SourceSpec> sources = SpecReader.read(bySubject + """
                  buys: {as: feedback, kind: buy, subject: who, item: sku}
                  likes: {as: feedback, kind: like, decision: rid?, subject: who?, item: sku?}
                """, "p.yaml").sources();
        SourceTarget.Feedback buys = (SourceTarget.Feedback) sources.get(0).target();
        assertThat(buys.decision()).isNull();
        assertThat(buys.subject()).isEqualTo(path("who"));
        SourceTarget.Feedback likes = (SourceTarget.Feedback) sources.get(1).target();
        assertThat(likes.decision()).isEqualTo(new SourceTarget.DecisionField(path("rid?"), false));
        assertThat(likes.subject()).isEqualTo(path("who?"));
        assertThatThrownBy(() -> SpecReader.read(bySubject + """
                  buys: {as: feedback, kind: buy, subject: who, decision: rid}
                """, "p.yaml"))
                .hasMessageContaining(
                        "sources.buys.decision: rid (expected: rid?, since subject stands in where it is missing)")
                .hasMessageContaining("sources.buys.item: missing (expected: a path, since subject is given)");
    }

    private static final String RANKED = """
            pipeline: p
            decision: {subject: user, context: {hour: categorical}, candidate: {item: categorical, age: numeric}}
            feedback: {reward: {click: 1}}
            features:
              clicks: {count: click, by: item}
              mine: {count: click, by: user}
              recent: {last_k: click.item, by: user, k: 3}
            sources:
            """;

    @Test
    void readsDecisions() {
        List<SourceSpec> sources = SpecReader.read(RANKED + """
                  bare: {as: decisions, subject: who, slate: {field: shown}}
                  full:
                    as: decisions
                    id: rid
                    subject: who
                    arm: {field: model}
                    context: {hour: h?, mine: n}
                    slate: {field: shown, item: sku, features: {age: a, clicks: c}, propensity: p, score: s?}
                """, "p.yaml").sources();
        assertThat(sources.get(0).target())
                .isEqualTo(new SourceTarget.Decisions(
                        null,
                        path("who"),
                        SourceTarget.KindField.of("external"),
                        Map.of(),
                        new SourceTarget.SlateField(path("shown"), null, Map.of(), null, null)));
        assertThat(sources.get(1).target())
                .isEqualTo(new SourceTarget.Decisions(
                        path("rid"),
                        path("who"),
                        SourceTarget.KindField.in(path("model")),
                        Map.of("hour", path("h?"), "mine", path("n")),
                        new SourceTarget.SlateField(
                                path("shown"),
                                path("sku"),
                                Map.of("age", path("a"), "clicks", path("c")),
                                path("p"),
                                path("s?"))));
    }

    @Test
    void saysWhatIsWrongWithDecisions() {
        assertThatThrownBy(() -> SpecReader.read(RANKED + """
                  none: {as: decisions}
                  wrong:
                    as: decisions
                    subject: who
                    kind: click
                    context: {hours: h, recent: r, clicks: c}
                    slate: {field: shown, features: {item: i, mine: m}, score: a..b, rank: r}
                """, "p.yaml"))
                .isInstanceOfSatisfying(
                        SpecException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.problem().toString())
                                .containsExactlyInAnyOrder(
                                        "sources.none.subject: missing (expected: a path like product.id, items[0].id or [\"odd.name\"])",
                                        "sources.none.slate: missing (expected: {field: path, item: path, features: ...})",
                                        "sources.wrong.kind: unknown (expected: one of arm, as, cluster, context, envelope, format, framing, id, message, oldest, schema, slate, subject, time, topic)",
                                        "sources.wrong.context.hours: unknown feature (expected: hour?)",
                                        "sources.wrong.context.recent: sequence (expected: a number, where a streaming feature is logged by somebody else)",
                                        "sources.wrong.context.clicks: unknown feature (expected: one of hour, mine, recent)",
                                        "sources.wrong.slate.features.item: unknown feature (expected: one of age, clicks)",
                                        "sources.wrong.slate.features.mine: unknown feature (expected: one of age, clicks)",
                                        "sources.wrong.slate.score: a..b (expected: a path like product.id, or product.id? if it may be missing)",
                                        "sources.wrong.slate.rank: unknown (expected: one of features, field, item, propensity, score)"));
    }

    @Test
    void aSpecWithoutSourcesHasNone() {
        assertThat(SpecReader.read(HEAD.replace("sources:\n", ""), "p.yaml").sources())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {kind: click}                                  | 5:6: sources.c.as: missing (expected: one of events, items, feedback, decisions)
            {as: outcomes}                                 | 5:11: sources.c.as: outcomes (expected: one of events, items, feedback, decisions)
            {as: events}                                   | 5:6: sources.c.kind: missing (expected: a name, or {field: path})
            {as: events, kind: click, decision: d}         | 5:32: sources.c.decision: unknown (expected: one of as, cluster, entities, envelope, format, framing, id, kind, message, oldest, schema, time, topic, values)
            {as: events, kind: click, entitys: {}}         | 5:32: sources.c.entitys: unknown (expected: entities?)
            {as: events, kind: {field: a..b}}              | 5:33: sources.c.kind.field: a..b (expected: a path like product.id, items[0].id or ["odd.name"])
            {as: events, kind: a, cluster: a.b}            | 5:37: sources.c.cluster: a.b (expected: a name of small letters, digits and '-', at most 64)
            {as: events, kind: a, topic: a/b}              | 5:35: sources.c.topic: a/b (expected: a topic's name: letters, digits, '.', '_' and '-', at most 249)
            {as: events, kind: a, time: {field: ts}}       | 5:34: sources.c.time.unit: missing (expected: one of s, ms, us, iso)
            {as: events, kind: a, time: {field: ts, unit: h}} | 5:52: sources.c.time.unit: h (expected: one of s, ms, us, iso)
            {as: events, kind: a, time: ts}                | 5:34: sources.c.time: ts (expected: a mapping of settings)
            {as: events, kind: a, values: {p: {field: a, type: int}}} | 5:57: sources.c.values.p.type: int (expected: one of any, number, text, boolean, list)
            {as: events, kind: a, values: {p: [a]}}        | 5:40: sources.c.values.p: a list (expected: a path like product.id, or product.id? if it may be missing)
            {as: events, kind: a, entities: {1st: a}}      | 5:39: sources.c.entities.1st: 1st (expected: a name: letters, digits, _ . -, not starting with a digit)
            {as: events, kind: a, format: avro}            | 5:6: sources.c.schema: missing (expected: a file's name)
            {as: events, kind: a, format: xml}             | 5:36: sources.c.format: xml (expected: one of json, avro, protobuf)
            {as: events, kind: a, format: avro, framing: confluent, schema: a.avsc} | 5:62: sources.c.schema: given (expected: nothing: with this framing the registry has the schema)
            {as: events, kind: a, schema: a.avsc}          | 5:28: sources.c.schema: given (expected: nothing: json needs none)
            {as: events, kind: a, format: protobuf, schema: a.desc} | 5:6: sources.c.message: missing (expected: a message's full name like shop.Click)
            {as: events, kind: a, oldest: 10}              | 5:36: sources.c.oldest: 10 (expected: a duration with its unit (us, ms, s, m, h, d), 1s to 36500d)
            {as: items}                                    | 5:6: sources.c.id: missing (expected: a path like product.id, items[0].id or ["odd.name"])
            {as: items, id: sku?}                          | 5:22: sources.c.id: sku? (expected: a path like product.id, items[0].id or ["odd.name"])
            {as: feedback, kind: a}                        | 5:6: sources.c.decision: missing (expected: a path like product.id, items[0].id or ["odd.name"])
            {as: feedback, kind: a, subject: s, item: i}   | 5:30: sources.c.subject: given (expected: nothing, unless feedback.match is subject_item)
            {as: feedback, kind: a, decision: d, request: r} | 5:43: sources.c.request: given beside decision (expected: decision or request, not both)
            {as: feedback, kind: a, decision: d, slot: s, item: i} | 5:52: sources.c.item: given beside slot (expected: slot or item, not both)
            """)
    void saysWhatIsWrongWithOne(String source, String problem) {
        assertThat(problems("c: " + source)).containsExactly(problem);
    }

    @Test
    void theIdsOfTwoSourcesOfATopicDoNotMeet() {
        String first = "a: {topic: t, as: events, kind: view}\n";
        assertThat(problems(first + "b: {topic: t, as: events, kind: buy}"))
                .containsExactly(
                        "6:6: sources.b.id: missing (expected: a path: a makes events of t, too, and a record's"
                                + " place can be the id of one only)");
        assertThat(read(first + "b: {topic: t, as: feedback, kind: buy, decision: d}")
                        .sources())
                .hasSize(2);
        assertThat(read(first + "b: {topic: t, as: events, kind: buy, id: i}").sources())
                .hasSize(2);
    }

    @Test
    void saysEverythingAtOnce() {
        assertThat(problems("""
                1st: {as: items, id: a}
                b: {as: feedback, kind: [x], framing: none}
                c: 5
                """))
                .containsExactly(
                        "5:3: sources.1st: 1st (expected: a name: letters, digits, _ . -, not starting with a digit)",
                        "6:6: sources.b.decision: missing (expected: a path like product.id, items[0].id or"
                                + " [\"odd.name\"])",
                        "6:27: sources.b.kind: a list (expected: a name, or {field: path})",
                        "7:6: sources.c: 5 (expected: a mapping of settings)");
    }

    @Test
    void aPathGoesInwardsByNamesAndPositions() {
        assertThat(path("a.b[0][\"c.d\"].e-f?").steps())
                .containsExactly(new Name("a"), new Name("b"), new Position(0), new Name("c.d"), new Name("e-f"));
        assertThat(path("a.b?").isOptional()).isTrue();
        assertThat(path("a.b?")).hasToString("a.b?");
        assertThat(path("[\"a b\"].c").steps()).containsExactly(new Name("a b"), new Name("c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "?", ".a", "a.", "a..b", "a b", "a[", "a[x]", "a[-1]", "a[0]b", "a[\"\"]", "a?b", "a??"})
    void whatIsNoPathIsNone(String text) {
        assertThat(FieldPath.parse(text)).isEmpty();
    }
}
