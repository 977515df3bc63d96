package io.millrace.serving.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.serving.TestingSpecs;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private static final long NOW = 1_000_000_000_000_000L;
    private static final String GOOD = "{\"subject\":\"u\",\"candidates\":[{\"item\":\"a\"}]}";

    private final RequestReader reader = new RequestReader(TestingSpecs.movies().decision());

    private RankRequest read(String body) throws InvalidRequestException {
        Problems problems = new Problems();
        RankRequest request = reader.read(json(body), NOW, problems);
        InvalidRequestException.throwIfAny(problems);
        return request;
    }

    private static Map<String, @Nullable Object> json(String body) throws InvalidRequestException {
        return JsonBody.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> problems(String body) {
        return catchThrowableOfType(InvalidRequestException.class, () -> read(body)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private static String with(String field) {
        return GOOD.replaceFirst("\\{", "{" + field + ",");
    }

    @Test
    void fillsInWhatIsNotTold() throws InvalidRequestException {
        RankRequest request = read(GOOD);
        assertThat(request.requestId()).isNull();
        assertThat(request.timeMicros()).isEqualTo(NOW);
        assertThat(request.slots()).isEqualTo(2);
        assertThat(request.context()).isEmpty();
        assertThat(request.candidates()).extracting(RankRequest.Candidate::item).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "\"1970-01-01T00:00:01Z\", 1000000",
        "\"1970-01-01T01:00:00.000001+01:00\", 1",
        "17, 17",
        "-5, -5",
    })
    void readsTimes(String time, long micros) throws InvalidRequestException {
        assertThat(read(with("\"time\":" + time)).timeMicros()).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "true", "\"yesterday\"", "\"2001-01-01T00:00:00\"", "99999999999999999999", "[]"})
    void refusesOtherTimes(String time) {
        assertThat(problems(with("\"time\":" + time)))
                .singleElement()
                .asString()
                .startsWith("time: ");
    }

    @Test
    void refusesATimeFarAhead() {
        assertThat(problems(with("\"time\":" + (NOW + 86_400_000_001L))))
                .containsExactly("time: 1000086400000001 (expected: at most a day ahead of the server's clock)");
    }

    @Test
    void reportsAllProblemsAtOnce() {
        assertThat(problems("""
                {"request_id": 7, "subject": "", "slots": 0, "contxt": {}, "context": {"our": 1},
                 "candidates": [{"item": "a"}, {"item": "a", "gnres": []}, {"age_days": 3}, 5]}
                """))
                .containsExactly(
                        "contxt: unknown field (expected: context? The names are request_id, subject, time, context,"
                                + " slots, candidates)",
                        "request_id: 7 (expected: a string of 1 to 256 characters)",
                        "subject: \"\" (expected: a string of 1 to 256 characters)",
                        "context.our: unknown feature (expected: hour? The names are hour, weather)",
                        "slots: 0 (expected: a whole number, 1 to 1000)",
                        "candidates[1].item: \"a\", as in candidates[0] (expected: an item that no other candidate has)",
                        "candidates[1].gnres: unknown feature (expected: genres? The names are item, genres, age_days,"
                                + " seen, vector, studio)",
                        "candidates[2].item: missing (expected: a string of 1 to 256 characters)",
                        "candidates[3]: 5 (expected: an object with an item and its features)");
    }

    @Test
    void namesAMissingEmptyOrEndlessListOfCandidates() {
        String expected = " (expected: a list of 1 to 1000 objects)";
        assertThat(problems("{\"subject\":\"u\"}")).containsExactly("candidates: missing" + expected);
        assertThat(problems("{\"subject\":\"u\",\"candidates\":[]}"))
                .containsExactly("candidates: a list of 0" + expected);
        assertThat(problems("{\"subject\":\"u\",\"candidates\":{}}"))
                .containsExactly("candidates: an object of 0" + expected);
        String many = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"item\":\"" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(problems("{\"subject\":\"u\",\"candidates\":" + many + "}"))
                .containsExactly("candidates: a list of 10000" + expected);
    }

    @Test
    void showsAtMostFiftyProblemsAndCountsTheRest() {
        String bad = IntStream.range(0, 100).mapToObj(i -> "{}").collect(Collectors.joining(",", "[", "]"));
        InvalidRequestException e = catchThrowableOfType(
                InvalidRequestException.class, () -> read("{\"subject\":\"u\",\"candidates\":" + bad + "}"));
        assertThat(e.problems()).hasSize(50);
        assertThat(e).hasMessageEndingWith("and 99 more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"subject\":\"u\"",
                "{\"subject\":\"u\",\"subject\":\"v\"}",
                "{} {}",
                "{'subject':1}",
                "{\"a\":[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]}"
            })
    void refusesWhatIsNotStrictlyJson(String body) {
        InvalidRequestException e = catchThrowableOfType(InvalidRequestException.class, () -> json(body));
        assertThat(e).hasMessageStartingWith("body: not valid JSON");
        assertThat(e.problems()).singleElement().extracting(Problem::name).isEqualTo("body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "7", "\"text\""})
    void refusesJsonThatIsNoObject(String body) {
        assertThat(catchThrowableOfType(InvalidRequestException.class, () -> json(body)))
                .hasMessageEndingWith("(expected: a JSON object)");
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] bytes = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
        assertThat(catchThrowableOfType(InvalidRequestException.class, () -> JsonBody.read(bytes)))
                .hasMessageStartingWith("body: not valid JSON");
    }
}
