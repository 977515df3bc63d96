package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.record.Example;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.wire.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a model that serves, by the commands of the runbook. */
class ModelIT {
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              candidate: {item: categorical}
            feedback:
              reward: {like: 1.0}
              final: [like, dismiss]
              window: 1h
              late: 1h
            model: {learner: ftrl, bits: 12, alpha: 0.3}
            snapshot: {every: 50ms, base: 2s}
            """;
    private static final Duration STOP = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private int asked;

    @Test
    void aPoisonedStretchIsLeftOutOfAModelThatTakesOver() throws Exception {
        Files.writeString(directory.resolve("movies.yaml"), SPEC);
        try (TestingMillrace millrace = up()) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            String live = application.model().path("lineage").asText();

            ask(application, log, 60, "like");
            long from = end(log);
            ask(application, log, 40, "dismiss");
            Waiting.until("the poison is learned", () -> application.version() == end(log));
            assertThat(command(addresses, "freeze").out()).contains(live, "learns nothing until");
            Waiting.until("it is said", () -> application.model().path("frozen").asBoolean());
            long to = end(log);
            ask(application, log, 20, "like");
            assertThat(application.version()).as("frozen").isLessThanOrEqualTo(to);

            String said =
                    command(addresses, "rebuild", "--without", from + ".." + to).out();
            String rebuilt = said.replaceFirst("(?s)^lineage (\\w+) .*", "$1");
            assertThat(said).contains("is learned without " + from + ".." + to);
            Waiting.until("it has caught up", () -> version(addresses, rebuilt) == end(log));
            assertThat(application.model().path("lineage").asText()).isEqualTo(live);
            command(addresses, "switch", rebuilt.substring(0, 10));
            Waiting.until(
                    "it serves",
                    () -> application.model().path("lineage").asText().equals(rebuilt));
            assertThat(application.version()).isEqualTo(end(log));
            assertThat(application.model().path("digest").asText())
                    .isEqualTo(digest(log, offset -> offset < from || offset >= to))
                    .isNotEqualTo(digest(log, offset -> true));
            ask(application, log, 5, "like");
            Waiting.until("it learns on", () -> application.version() == end(log));

            command(addresses, "thaw", "--lineage", live);
            Waiting.until("the one before has caught up, too", () -> version(addresses, live) == end(log));
            command(addresses, "drop", live);
            goesBack(addresses, application, log, from);
            assertThat(run("verify", "--kafka", bootstrap(addresses), "--store", store())
                            .out())
                    .contains("Equal: everything that was published is what the log implies");
            millrace.terminate();
            millrace.awaitExit(STOP);
        }
    }

    private void goesBack(Addresses addresses, TestingApplication application, TestingLog log, long version)
            throws Exception {
        String digest = digest(log, offset -> offset < version);
        assertThat(command(addresses, "pin", Long.toString(version)).out()).contains(digest);
        Waiting.until("the version is pinned", () -> application.version() == version);
        ask(application, log, 5, "like");
        assertThat(application.model().path("digest").asText()).isEqualTo(digest);
        assertThat(application.model().path("pinned").asBoolean()).isTrue();
        command(addresses, "unpin");
        Waiting.until("the newest serves", () -> application.version() == end(log));

        command(addresses, "rollback", Long.toString(version));
        Waiting.until("the log is passed over", () -> application.version() == end(log));
        assertThat(application.model().path("digest").asText()).isEqualTo(digest);
        long before = end(log);
        ask(application, log, 5, "like");
        Waiting.until("it learns what comes now", () -> application.version() == end(log));
        assertThat(application.model().path("digest").asText())
                .isEqualTo(digest(log, offset -> offset < version || offset >= before));
    }

    @Test
    void wrongInputIsSaid() throws Exception {
        Files.writeString(directory.resolve("movies.yaml"), SPEC);
        try (TestingMillrace millrace = up()) {
            Addresses addresses = millrace.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            ask(application, new TestingLog(addresses.kafka()), 3, "like");
            String live = application.model().path("lineage").asText();
            assertThat(wrong(addresses, "switch", "ffff"))
                    .contains("lineage: ffff (unknown; expected: one of [" + live + "])");
            assertThat(wrong(addresses, "drop", live)).contains("is live (expected: another; switch first)");
            assertThat(wrong(addresses, "unpin")).contains("pinned: nothing");
            assertThat(wrong(addresses, "pin", "999")).contains("999 is beyond the log");
            assertThat(wrong(addresses, "rollback", "999"))
                    .contains("version: 999 (expected: one before the log's end");
            assertThat(wrong(addresses, "rebuild", "--without", "5..9"))
                    .contains("--without: 5..9 (expected: some of examples-0, which has offsets 0..");
            assertThat(wrong(addresses, "rebuild", "--without", "9-5"))
                    .contains("--without: 9-5 (expected: FROM..TO, two offsets");
            millrace.terminate();
            millrace.awaitExit(STOP);
        }
        Files.writeString(directory.resolve("movies.yaml"), SPEC.replace("bits: 12", "bits: 13"));
        try (TestingMillrace other = up()) {
            assertThat(other.awaitExit(STOP)).isEqualTo(2);
            assertThat(other.err())
                    .contains("learns by another spec: bits 13 (expected: bits 12; 'millrace spec diff' says");
        }
    }

    private TestingMillrace up() throws Exception {
        return TestingMillrace.start(
                directory, "up", "--spec", "movies.yaml", "--data-dir", "data", "--port", "0", "--kafka-port", "0");
    }

    /** Decisions of one slot each, with the same reaction to all. */
    private void ask(TestingApplication application, TestingLog log, int count, String reaction) {
        for (int i = 0; i < count; i++) {
            int number = asked++;
            JsonNode decision = application.rank("""
                    {"request_id": "r-%d", "subject": "u%d", "candidates": [{"item": "m%d"}, {"item": "m%d"}]}
                    """.formatted(number, number % 7, number % 5, (number + 2) % 5));
            assertThat(decision.path("slate")).isNotEmpty();
            application.tell("""
                    {"id": "f-%d", "request_id": "r-%d", "slot": 0, "kind": "%s"}
                    """.formatted(number, number, reaction));
        }
        Waiting.until("the examples", () -> examples(log).size() == asked);
    }

    private static List<Placed<Example>> examples(TestingLog log) {
        return log.read(Topic.EXAMPLES, Example.class);
    }

    /** The version that has learned all examples. */
    private static long end(TestingLog log) {
        List<Placed<Example>> examples = examples(log);
        return examples.get(examples.size() - 1).offset() + 1;
    }

    /** What a model that sees only these examples has learned. */
    private static String digest(TestingLog log, LongPredicate seen) {
        PipelineSpec spec = SpecReader.read(SPEC, "test");
        try (ShardLearner learner = new ShardLearner(spec, "alone", 0)) {
            examples(log).stream()
                    .filter(placed -> seen.test(placed.offset()))
                    .forEach(placed -> learner.learn(placed.offset(), placed.value()));
            return learner.digest();
        }
    }

    private long version(Addresses addresses, String lineage) {
        try {
            JsonNode list = new ObjectMapper()
                    .readTree(command(addresses, "list", "--json").out());
            for (JsonNode row : list.path("lineages")) {
                if (row.path("lineage").asText().equals(lineage)) {
                    return row.path("version").asLong();
                }
            }
            return -1;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private TestingMillrace command(Addresses addresses, String... arguments) throws Exception {
        TestingMillrace ended = run(model(addresses, arguments));
        assertThat(ended.awaitExit(STOP)).as(ended.err()).isZero();
        return ended;
    }

    private String wrong(Addresses addresses, String... arguments) throws Exception {
        TestingMillrace ended = run(model(addresses, arguments));
        assertThat(ended.awaitExit(STOP)).as(ended.err()).isEqualTo(2);
        return ended.err();
    }

    private String[] model(Addresses addresses, String... arguments) {
        List<String> all = new ArrayList<>(List.of("model"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--kafka", bootstrap(addresses), "--store", store()));
        return all.toArray(String[]::new);
    }

    private static String bootstrap(Addresses addresses) {
        return addresses.kafka().client().get("bootstrap.servers");
    }

    private String store() {
        return directory.resolve("data/models").toUri().toString();
    }

    private TestingMillrace run(String... arguments) throws Exception {
        TestingMillrace ended = TestingMillrace.start(directory, arguments);
        ended.awaitExit(STOP);
        return ended;
    }
}
