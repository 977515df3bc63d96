package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** An application lives with {@code millrace up}; the tests share one process, but for the one that ends it. */
@TestInstance(Lifecycle.PER_CLASS)
class UpIT {
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              slots: 2
              context: {hour: categorical}
              candidate: {item: categorical, genres: categorical_set, age_days: numeric}
            feedback:
              reward: {click: 1.0, like: 2.0}
              final: [like]
              window: 5s
              late: 1h
            crosses: [[user, genres]]
            model: {learner: ftrl, bits: 12, alpha: 0.3}
            snapshot: {every: 50ms}
            """;
    private static final Duration STOP = Duration.ofSeconds(60);
    /** Ended by a signal: 128 and the signal's number. */
    private static final int TERMINATED = 143;

    @TempDir
    private static Path directory;

    private TestingMillrace millrace;
    private TestingApplication application;
    private TestingLog log;

    @BeforeAll
    void start() throws Exception {
        Files.writeString(directory.resolve("movies.yaml"), SPEC);
        millrace = up("data");
        Addresses addresses = millrace.awaitStart();
        application = new TestingApplication(addresses.http());
        log = new TestingLog(addresses.kafka());
    }

    @AfterAll
    void stop() {
        millrace.close();
    }

    private TestingMillrace up(String data) throws Exception {
        return TestingMillrace.start(
                directory, "up", "--spec", "movies.yaml", "--data-dir", data, "--port", "0", "--kafka-port", "0");
    }

    @Test
    void feedbackMovesTheModelThatDecides() {
        JsonNode first = application.rank(request("moves-1"));
        assertThat(first.path("slate")).hasSize(2);
        assertThat(first.path("request_id").asText()).isEqualTo("moves-1");
        long before = application.version();
        tell(
                application,
                "moves-1-like",
                "decision_id",
                first.path("decision_id").asText(),
                0,
                "like");
        Waiting.until("a newer version", () -> application.version() > before);
        assertThat(application
                        .rank(request("moves-2"))
                        .path("model")
                        .path("version")
                        .path(0)
                        .asLong())
                .isGreaterThan(before);
        assertThat(application.model().path("nonzero").asLong()).isPositive();
    }

    @Test
    void feedbackFindsItsDecisionByEitherId() {
        JsonNode decision = application.rank(request("either"));
        String id = decision.path("decision_id").asText();
        tell(application, "either-1", "decision_id", id, 0, "like");
        tell(application, "either-2", "request_id", "either", 1, "like");
        awaitExample(
                example -> example.getDecisionId().equals(id) && example.getSlot() == 0 && example.getReward() == 2.0);
        awaitExample(
                example -> example.getDecisionId().equals(id) && example.getSlot() == 1 && example.getReward() == 2.0);
    }

    @Test
    void aSlotWithoutFeedbackIsANegativeWhenItsWindowEnds() {
        String id = application.rank(request("silent")).path("decision_id").asText();
        awaitExample(
                example -> example.getDecisionId().equals(id) && example.getSlot() == 1 && example.getReward() == 0.0);
    }

    @Test
    void feedbackForAnUnknownDecisionWaitsAndBecomesADeadLetter() {
        tell(application, "lost-1", "request_id", "nobody-asked", 0, "click");
        Waiting.until(
                "the dead letter",
                () -> deadLetters(Topic.FEEDBACK)
                        .anyMatch(letter -> letter.getReason()
                                .startsWith(
                                        "feedback lost-1: decision of request" + " nobody-asked unknown (expected: ")));
        long offset = log.read(Topic.FEEDBACK, Feedback.class).stream()
                .filter(placed -> placed.value().getId().equals("lost-1"))
                .findFirst()
                .orElseThrow()
                .offset();
        assertThat(deadLetters(Topic.FEEDBACK).filter(letter -> letter.getOffset() == offset))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getPartition()).isZero());
    }

    @Test
    void garbageInAnyTopicIsADeadLetterAndTheRestFlowsOn() throws Exception {
        byte[] garbage = "no record at all".getBytes(StandardCharsets.UTF_8);
        byte[] truncated = Arrays.copyOf(decisionBytes(), Codec.HEADER_BYTES + 3);
        Map<Topic, Map<Long, byte[]>> written = new HashMap<>();
        for (Topic topic : List.of(
                Topic.DECISIONS,
                Topic.FEEDBACK,
                Topic.EXAMPLES,
                Topic.OUTCOMES,
                Topic.MODEL_UPDATES,
                Topic.MODEL_MANIFESTS)) {
            for (byte[] bytes : List.of(garbage, truncated)) {
                long offset = log.write(topic, "hostile".getBytes(StandardCharsets.UTF_8), bytes);
                written.computeIfAbsent(topic, key -> new HashMap<>()).put(offset, bytes);
            }
        }
        written.forEach((topic, records) -> records.forEach((offset, bytes) -> Waiting.until(
                "a dead letter for " + topic.text() + " at " + offset,
                () -> deadLetters(topic)
                        .anyMatch(letter -> letter.getPartition() == 0
                                && letter.getOffset() == offset
                                && letter.getBytes().equals(ByteBuffer.wrap(bytes))
                                && letter.getReason().contains("(expected: ")))));

        JsonNode decision = application.rank(request("after-garbage"));
        String id = decision.path("decision_id").asText();
        tell(application, "after-garbage-1", "decision_id", id, 0, "like");
        awaitExample(example -> example.getDecisionId().equals(id) && example.getReward() == 2.0);
        long learned = log.read(Topic.EXAMPLES, Example.class).stream()
                .filter(placed -> placed.value().getDecisionId().equals(id))
                .findFirst()
                .orElseThrow()
                .offset();
        Waiting.until("a version that has learned it", () -> application.version() > learned);
    }

    private byte[] decisionBytes() {
        String id = application.rank(request("to-be-cut")).path("decision_id").asText();
        Waiting.until("the decision", () -> decision(id).isPresent());
        return Codec.of(Decision.class).encode(decision(id).orElseThrow());
    }

    private Optional<Decision> decision(String id) {
        return log.read(Topic.DECISIONS, Decision.class).stream()
                .map(TestingLog.Placed::value)
                .filter(decision -> decision.getId().equals(id))
                .findFirst();
    }

    @Test
    void everyDocumentedOperationIsThere() {
        for (Map.Entry<String, JsonNode> path :
                application.openApi().path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> assertThat(application
                                    .send(method.toUpperCase(Locale.ROOT), path.getKey(), "")
                                    .statusCode())
                            .as("%s %s", method, path.getKey())
                            .isNotIn(404, 405, 500));
        }
    }

    @Test
    void goesOnWhereItWasAfterItWasToldToStop() throws Exception {
        JsonNode answer;
        long version;
        String digest;
        try (TestingMillrace first = up("stopped")) {
            TestingApplication caller =
                    new TestingApplication(first.awaitStart().http());
            answer = caller.rank(request("kept"));
            tell(caller, "kept-1", "request_id", "kept", 0, "like");
            tell(caller, "kept-2", "request_id", "kept", 1, "like");
            Waiting.until(
                    "both labels learned", () -> caller.model().path("examples").asLong() == 2);
            version = caller.version();
            digest = caller.model().path("digest").asText();
            first.terminate();
            assertThat(first.awaitExit(STOP)).isIn(0, TERMINATED);
            assertThat(first.err()).contains("millrace: stopping").doesNotContain("Exception", "\tat ");
        }
        try (TestingMillrace second = up("stopped")) {
            TestingApplication caller =
                    new TestingApplication(second.awaitStart().http());
            JsonNode model = caller.model();
            assertThat(model.path("version").path(0).asLong()).isEqualTo(version);
            assertThat(model.path("digest").asText()).isEqualTo(digest);
            assertThat(caller.rank(request("kept"))).isEqualTo(answer);
            caller.rank(request("new"));
            tell(caller, "new-1", "request_id", "new", 0, "like");
            Waiting.until("a newer version", () -> caller.version() > version);
        }
    }

    private static String request(String id) {
        return """
                {"request_id": "%s", "subject": "u1", "context": {"hour": 8}, "candidates": [
                  {"item": "m1", "genres": ["Drama"], "age_days": 3.5},
                  {"item": "m2", "genres": ["Comedy", "Drama"], "age_days": 400},
                  {"item": "m3", "genres": [], "age_days": 30}]}
                """.formatted(id);
    }

    private static void tell(
            TestingApplication caller, String id, String idField, String decision, int slot, String kind) {
        caller.tell("""
                {"id": "%s", "%s": "%s", "slot": %d, "kind": "%s"}
                """.formatted(id, idField, decision, slot, kind));
    }

    private void awaitExample(Predicate<Example> wanted) {
        Waiting.until(
                "the example",
                () -> log.read(Topic.EXAMPLES, Example.class).stream()
                        .map(TestingLog.Placed::value)
                        .anyMatch(wanted));
    }

    private Stream<DeadLetter> deadLetters(Topic source) {
        return log.read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
                .map(TestingLog.Placed::value)
                .filter(letter -> letter.getTopic().equals(source.text()));
    }
}
