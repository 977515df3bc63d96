package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Name;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A team with a ranker of its own logs what that decides, and what came of it: Millrace learns without acting. */
class ForeignDecisionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              context: {hour: categorical}
              candidate: {item: categorical, genres: categorical_set, age_days: numeric}
            feedback:
              reward: {like: 1}
              final: [like, dislike]
              window: 1m
              late: 1h
              match: subject_item
            model: {learner: ftrl, bits: 12, alpha: 0.3}
            policy: {explore: greedy, control: 0}
            snapshot: {every: 50ms}
            sources:
              ranked:
                as: decisions
                id: rid
                subject: who
                context: {hour: h}
                slate: {field: shown, item: id, features: {genres: g, age_days: a}, propensity: p}
              reactions:
                as: feedback
                kind: {field: what}
                id: nr
                decision: rid?
                subject: who?
                item: id?
            """;
    /** Every third is told by the caller's id, the others by subject and item. */
    private static final int DECISIONS = 600;

    @TempDir
    private Path directory;

    @Test
    void theModelLearnsFromWhatAnotherRankerDecided() throws Exception {
        try (TestingMillrace up = new TestingPipeline(directory).up(SPEC)) {
            KafkaSettings kafka = up.awaitStart().kafka();
            TestingLog log = new TestingLog(kafka);
            TestingApplication application =
                    new TestingApplication(up.awaitStart().http());
            tell(kafka);
            Waiting.until(
                    "examples",
                    PATIENCE,
                    () -> log.read(Topic.EXAMPLES, Example.class).size() < DECISIONS,
                    () -> log.read(Topic.DEAD_LETTERS, DeadLetter.class) + up.err());
            List<TestingLog.Placed<Example>> examples = log.read(Topic.EXAMPLES, Example.class);
            assertThat(examples).hasSize(DECISIONS).allSatisfy(example -> {
                assertThat(example.value().getArm()).isEqualTo("external");
                assertThat(example.value().getPropensity()).isEqualTo(0.5);
            });
            assertThat(examples.stream()
                            .filter(example -> example.value().getReward() == 1)
                            .count())
                    .isEqualTo(DECISIONS / 2);
            Waiting.until("a model that has learned all", () -> application.version() >= DECISIONS);

            JsonNode ranked = application.rank("""
                    {"request_id": "ours", "subject": "u1", "context": {"hour": 20}, "slots": 2, "candidates": [
                      {"item": "heat", "genres": ["crime", "drama"], "age_days": 3},
                      {"item": "up", "genres": ["family"], "age_days": 3}]}""");
            assertThat(ranked.path("slate").path(0).path("item").asText()).isEqualTo("up");
            assertThat(ranked.path("slate").path(0).path("score").asDouble()).isGreaterThan(0.8);
            assertThat(ranked.path("slate").path(1).path("score").asDouble()).isLessThan(0.2);
            assertSameFeatures(log);
            assertThat(log.read(Topic.NAMES, Name.class))
                    .extracting(
                            name -> name.value().getField() + " " + name.value().getValue())
                    .contains("user u1", "item up", "genres crime", "hour 20");
        }
    }

    /** What the other ranker logged in its words, and what serving logged of the same, are the same bytes. */
    private static void assertSameFeatures(TestingLog log) {
        Waiting.until(
                "our decision", () -> log.read(Topic.DECISIONS, Decision.class).size() > DECISIONS);
        List<Decision> decisions = log.read(Topic.DECISIONS, Decision.class).stream()
                .map(TestingLog.Placed::value)
                .toList();
        Decision ours = decisions.get(decisions.size() - 1);
        assertThat(ours.getRequestId()).isEqualTo("ours");
        Decision up = request(decisions, "r-1");
        Decision heat = request(decisions, "r-0");
        assertThat(up.getFeatureSetVersion()).isEqualTo(ours.getFeatureSetVersion());
        assertThat(up.getShared()).isEqualTo(ours.getShared());
        assertThat(up.getSlate().get(0).getFeatures())
                .isEqualTo(ours.getSlate().get(0).getFeatures());
        assertThat(heat.getSlate().get(0).getFeatures())
                .isEqualTo(ours.getSlate().get(1).getFeatures());
    }

    private static Decision request(List<Decision> decisions, String id) {
        return decisions.stream()
                .filter(decision -> id.equals(decision.getRequestId()))
                .findFirst()
                .orElseThrow();
    }

    private static void tell(KafkaSettings kafka) {
        List<String> ranked = new ArrayList<>();
        List<String> reactions = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (int i = 0; i < DECISIONS; i++) {
            boolean isUp = i % 2 == 1;
            String who = "u" + i;
            String item = isUp ? "up" : "heat";
            ranked.add("""
                    {"rid": "r-%d", "who": "%s", "h": 20, "shown": [{"id": "%s", "g": %s, "a": 3, "p": 0.5}]}""".formatted(i, who, item, isUp ? "[\"family\"]" : "[\"drama\", \"crime\"]"));
            String about = i % 3 == 0
                    ? "\"rid\": \"r-%d\"".formatted(i)
                    : "\"who\": \"%s\", \"id\": \"%s\"".formatted(who, item);
            reactions.add("""
                    {"nr": %d, "what": "%s", %s}""".formatted(i, isUp ? "like" : "dislike", about));
        }
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            // Kafka's timestamps are the times: a reaction is after what it is about.
            ranked.forEach(value -> producer.send(new ProducerRecord<>("ranked", null, now, null, bytes(value))));
            reactions.forEach(
                    value -> producer.send(new ProducerRecord<>("reactions", null, now + 1, null, bytes(value))));
        }
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
