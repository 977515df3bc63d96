package io.millrace.ingestion.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.MediaType;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private final BodyReader bodies = new BodyReader();
    private final List<String> kinds = new ArrayList<>();

    @Test
    void findsTheObjectsOfAnyBodyInTheirOrder() {
        assertThat(problems(BodyFormat.JSON, " {\"kind\":\"a\"} \n")).isEmpty();
        assertThat(kinds).containsExactly("a");
        assertThat(problems(BodyFormat.JSON, "[{\"kind\":\"a\"},{\"kind\":\"b\"}]"))
                .isEmpty();
        assertThat(kinds).containsExactly("a", "b");
        assertThat(problems(BodyFormat.NDJSON, "{\"kind\":\"a\"}\r\n\n \t\n{\"kind\":\"b\"}"))
                .isEmpty();
        assertThat(kinds).containsExactly("a", "b");
    }

    @Test
    void countsLinesAndPlacesAsTheCallerDoes() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> objects = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            List<String> wrongLines = new ArrayList<>();
            List<String> wrongPlaces = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                if (random.nextInt(5) == 0) {
                    lines.add("");
                }
                boolean isWrong = random.nextInt(4) == 0;
                String object = isWrong ? "{}" : "{\"kind\":\"k\"}";
                objects.add(object);
                lines.add(object);
                if (isWrong) {
                    wrongLines.add("line " + lines.size() + ".kind");
                    wrongPlaces.add("[" + (objects.size() - 1) + "].kind");
                }
            }
            assertThat(names(BodyFormat.NDJSON, String.join("\n", lines)))
                    .as("seed " + seed)
                    .isEqualTo(wrongLines);
            assertThat(names(BodyFormat.JSON, objects.toString()))
                    .as("seed " + seed)
                    .isEqualTo(wrongPlaces);
        }
    }

    @Test
    void saysWhereJsonIsBroken() {
        assertThat(problems(BodyFormat.NDJSON, "{\"kind\":\"a\"}\n{\"kind\":\n{\"kind\":\"a\"}{}\n[]\n7"))
                .satisfiesExactly(
                        two -> assertThat(two)
                                .startsWith("line 2: broken JSON at column ")
                                .contains("a JSON object"),
                        three -> assertThat(three).startsWith("line 3: more at column 13 (expected: nothing after"),
                        four -> assertThat(four).isEqualTo("line 4: [] (expected: a JSON object)"),
                        five -> assertThat(five).isEqualTo("line 5: 7 (expected: a JSON object)"));
        assertThat(problems(BodyFormat.JSON, "{\n\"kind\":nope}"))
                .singleElement()
                .asString()
                .startsWith("body: broken JSON at line 2, column ");
        assertThat(problems(BodyFormat.JSON, "[{\"kind\":\"a\"},{\"kind\":\"a\",\"kind\":\"b\"}]"))
                .singleElement()
                .asString()
                .startsWith("[1]: broken JSON");
        assertThat(problems(BodyFormat.JSON, "[{\"kind\":\"a\"},3,\"x\"]"))
                .containsExactly("[1]: 3 (expected: a JSON object)", "[2]: \"x\" (expected: a JSON object)");
        assertThat(problems(BodyFormat.JSON, "[{\"kind\":\"a\"}")).hasSize(1);
        assertThat(problems(BodyFormat.JSON, "{\"kind\":\"a\"} {}")).hasSize(1);
        assertThat(problems(BodyFormat.JSON, "{\"kind\":NaN}")).hasSize(1);
        assertThat(problems(BodyFormat.JSON, "{\"kind\":" + "[".repeat(5_000))).hasSize(1);
    }

    @Test
    void refusesABodyWithoutObjects() {
        assertThat(problems(BodyFormat.JSON, "")).containsExactly("body: empty (expected: at least one JSON object)");
        assertThat(problems(BodyFormat.JSON, "[]"))
                .containsExactly("body: an empty array (expected: at least one JSON object)");
        assertThat(problems(BodyFormat.NDJSON, "\n \n"))
                .containsExactly("body: empty (expected: at least one JSON object)");
        assertThat(problems(BodyFormat.JSON, "null")).containsExactly("body: null (expected: a JSON object)");
    }

    @Test
    void stopsAtFiftyProblems() {
        assertThat(problems(BodyFormat.NDJSON, "{}\n".repeat(10_000))).hasSize(Problems.LIMIT);
        assertThat(problems(BodyFormat.NDJSON, "x\n".repeat(10_000))).hasSize(Problems.LIMIT);
        assertThat(problems(BodyFormat.JSON, "[" + "{},".repeat(10_000) + "{}]"))
                .hasSize(Problems.LIMIT);
    }

    @Test
    void neverThrowsWhateverTheBytes() {
        for (long seed = 1; seed <= 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] body = "[{\"kind\":\"a\",\"n\":[1,2.5e3,{\"é\":null}]}]\n{\"kind\":\"b\"}\n"
                    .getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            for (BodyFormat format : BodyFormat.values()) {
                Problems problems = new Problems();
                bodies.read(body, format, problems, fields -> fields.name("kind"));
            }
        }
    }

    @Test
    void knowsItsContentTypes() {
        assertThat(BodyFormat.of(MediaType.parse("application/json"))).contains(BodyFormat.JSON);
        assertThat(BodyFormat.of(MediaType.parse("application/json; charset=utf-8")))
                .contains(BodyFormat.JSON);
        assertThat(BodyFormat.of(MediaType.parse("application/x-ndjson"))).contains(BodyFormat.NDJSON);
        assertThat(BodyFormat.of(MediaType.parse("application/json; charset=utf-16")))
                .isEmpty();
        assertThat(BodyFormat.of(MediaType.parse("application/json; charset=klingon")))
                .isEmpty();
        assertThat(BodyFormat.of(MediaType.parse("text/plain"))).isEmpty();
        assertThat(BodyFormat.of(null)).isEmpty();
    }

    private List<String> problems(BodyFormat format, String body) {
        return read(format, body).stream().map(Problem::toString).toList();
    }

    private List<String> names(BodyFormat format, String body) {
        return read(format, body).stream().map(Problem::name).toList();
    }

    private List<Problem> read(BodyFormat format, String body) {
        kinds.clear();
        Problems problems = new Problems();
        bodies.read(body.getBytes(StandardCharsets.UTF_8), format, problems, fields -> kinds.add(fields.name("kind")));
        return problems.list();
    }
}
