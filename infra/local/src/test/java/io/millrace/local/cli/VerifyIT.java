package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.record.Delta;
import io.millrace.record.Example;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A loop learns, is killed, learns on, is given another spec and is stopped; what it has left is verified, and once more with
 * each of two faults that were put in.
 */
@TestInstance(Lifecycle.PER_CLASS)
class VerifyIT {
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
            model: {learner: ftrl, bits: %s, alpha: 0.3}
            snapshot: {every: 50ms, base: 1s}
            """;
    private static final int DECISIONS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String WRONG = "00000000deadbeef";

    @TempDir
    private static Path directory;

    private static TestingConsole console;

    private final List<String> acknowledged = new ArrayList<>();
    private Finished busy;
    private Finished running;
    private Finished stopped;
    private Finished rebuilt;
    private Finished imported;
    private Finished beyond;
    private Finished lying;
    private Finished traced;
    private Finished told;
    private Finished untraced;
    private Finished repeated;
    private Placed<Delta> version;
    private long copyOffset;

    /** What a command has printed and written. */
    private record Finished(int exit, String out, String err, JsonNode report) {}

    @BeforeAll
    void learnsIsKilledLearnsOnAndIsVerified() throws Exception {
        console = new TestingConsole(directory);
        try (TestingMillrace first = up("12")) {
            learn(new TestingApplication(first.awaitStart().http()), "first", DECISIONS * 2);
            first.kill();
        }
        try (TestingMillrace second = up("12")) {
            Addresses addresses = second.awaitStart();
            learn(new TestingApplication(addresses.http()), "second", DECISIONS * 4);
            bringIn("13", addresses);
            stop(second);
        }
        try (TestingMillrace third = up("13")) {
            Addresses addresses = third.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            learn(application, "third", DECISIONS * 6);
            correct(application);
            Waiting.until(
                    "the correction", () -> application.model().path("examples").asLong() == DECISIONS * 6 + 1);
            busy = verify("--dir", "data");
            running = verify(
                    "--kafka",
                    addresses.kafka().client().get("bootstrap.servers"),
                    "--store",
                    directory.resolve("data/models").toUri().toString());
            stop(third);
        }
        Files.write(directory.resolve("acknowledged"), acknowledged);
        stopped = verify("--dir", "data", "--acknowledged", "acknowledged");
        traced = run("trace", "third-1", "--dir", "data", "--json");
        told = run("trace", "third-1", "--dir", "data");
        untraced = run("trace", "nobody-asked", "--dir", "data");
        rebuild();
        plantALie();
        lying = verify("--dir", "data", "--live");
        plantACopy();
        acknowledged.add("never-sent");
        Files.write(directory.resolve("acknowledged"), acknowledged);
        repeated = verify("--dir", "data", "--acknowledged", "acknowledged");
    }

    @AfterAll
    static void close() {
        console.close();
    }

    /** Another table is another lineage, which takes over; the one before is no longer learned. */
    private void bringIn(String bits, Addresses addresses) throws Exception {
        Files.writeString(directory.resolve("changed.yaml"), SPEC.formatted(bits));
        String before =
                new TestingApplication(addresses.http()).model().path("lineage").asText();
        String[] where = {
            "--kafka",
            addresses.kafka().client().get("bootstrap.servers"),
            "--store",
            directory.resolve("data/models").toUri().toString()
        };
        String said = run("spec", "apply", "changed.yaml", where[0], where[1], where[2], where[3])
                .out();
        String lineage = said.replaceFirst("(?s).*\\nlineage (\\w+) is learned.*", "$1");
        Waiting.until("a version of lineage " + lineage, () -> isSwitched(lineage, where));
        assertThat(run("model", "drop", before, where[0], where[1], where[2], where[3])
                        .exit())
                .isZero();
    }

    private static boolean isSwitched(String lineage, String... where) {
        try {
            return run("model", "switch", lineage, where[0], where[1], where[2], where[3])
                            .exit()
                    == 0;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestingMillrace up(String bits) throws Exception {
        Files.writeString(directory.resolve("movies.yaml"), SPEC.formatted(bits));
        return TestingMillrace.start(
                directory, "up", "--spec", "movies.yaml", "--data-dir", "data", "--port", "0", "--kafka-port", "0");
    }

    private static void stop(TestingMillrace millrace) throws Exception {
        millrace.terminate();
        millrace.awaitExit(PATIENCE);
    }

    /** Both slots of each decision are liked, which closes them. */
    private void learn(TestingApplication application, String name, int examples) {
        for (int i = 0; i < DECISIONS; i++) {
            String request = name + "-" + i;
            application.rank("""
                    {"request_id": "%s", "subject": "u%d", "context": {"hour": 8}, "candidates": [
                      {"item": "m1", "genres": ["Drama"], "age_days": 3.5},
                      {"item": "m2", "genres": ["Comedy", "Drama"], "age_days": 400}]}
                    """.formatted(request, i));
            for (int slot = 0; slot < 2; slot++) {
                tell(application, request, slot, "like");
            }
        }
        tell(application, name + "-0", 0, "like");
        acknowledged.removeIf(line -> line.equals(name + "-0/0/like"));
        acknowledged.add(name + "-0/0/like\t2");
        Waiting.until(
                "what was told, learned",
                () -> application.model().path("examples").asLong() == examples);
    }

    private void tell(TestingApplication application, String request, int slot, String kind) {
        String id = request + "/" + slot + "/" + kind;
        application.tell("""
                {"id": "%s", "request_id": "%s", "slot": %d, "kind": "%s"}
                """.formatted(id, request, slot, kind));
        if (!acknowledged.contains(id)) {
            acknowledged.add(id);
        }
    }

    /** What comes after a label was closed takes it back. */
    private void correct(TestingApplication application) {
        tell(application, "third-1", 0, "click");
    }

    private void rebuild() throws Exception {
        inTheLog(log -> {
            List<Placed<Delta>> deltas = log.read(Topic.MODEL_UPDATES, Delta.class);
            String live = deltas.get(deltas.size() - 1).value().getLineage();
            List<Placed<Delta>> ofTheLive = deltas.stream()
                    .filter(delta -> delta.value().getLineage().equals(live))
                    .toList();
            version = ofTheLive.get(ofTheLive.size() / 2);
        });
        String at = Long.toString(version.value().getTo());
        rebuilt = run("verify", "--dir", "data", "--at", at, "--save", "saved");
        imported = run("model", "import", "saved", "--data-dir", "another");
        beyond = run("verify", "--dir", "data", "--at", "1000000");
    }

    private void plantALie() throws Exception {
        inTheLog(log -> {
            Delta lie = version.value();
            lie.setDigest(WRONG);
            lie.setChecksum(0);
            log.write(
                    Topic.MODEL_UPDATES,
                    "movies/0".getBytes(StandardCharsets.UTF_8),
                    Codec.of(Delta.class).encode(lie));
        });
    }

    private void plantACopy() throws Exception {
        inTheLog(log -> {
            Example copied = log.read(Topic.EXAMPLES, Example.class).get(3).value();
            copyOffset = log.write(
                    Topic.EXAMPLES,
                    copied.getDecisionId().getBytes(StandardCharsets.UTF_8),
                    Codec.of(Example.class).encode(copied));
        });
    }

    private interface Action {
        void on(TestingLog log) throws Exception;
    }

    private static void inTheLog(Action action) throws Exception {
        LoopbackPorts ports = LoopbackPorts.choose(0, 0);
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(directory.resolve("data/kafka"), ports.kafka(), ports.controller())) {
            action.on(new TestingLog(KafkaSettings.of(broker.bootstrapServers())));
        }
    }

    private static Finished verify(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("verify", "--report", "report.json"));
        command.addAll(Arrays.asList(arguments));
        Files.deleteIfExists(directory.resolve("report.json"));
        return run(command.toArray(String[]::new));
    }

    private static Finished run(String... command) throws Exception {
        TestingConsole.Ended ended = console.run(command);
        Path report = directory.resolve("report.json");
        JsonNode json = Files.exists(report) ? new ObjectMapper().readTree(report.toFile()) : null;
        return new Finished(ended.exit(), ended.out(), ended.err(), json);
    }

    @Test
    void aDirectoryInUseIsRefusedWithTheWayOut() {
        assertThat(busy.exit()).as(busy.err()).isEqualTo(2);
        assertThat(busy.err()).contains("in use by another process", "--kafka").doesNotContain("\tat ");
    }

    @Test
    void aRunningLoopIsVerifiedThroughItsBroker() {
        assertThat(running.exit()).as(running.out() + running.err()).isZero();
        assertThat(running.report().path("equal").asBoolean()).isTrue();
        assertThat(running.report().at("/lineages")).hasSize(2);
    }

    @Test
    void afterAKillEveryVersionOfBothLineagesIsWhatTheLogImplies() {
        assertThat(stopped.exit()).as(stopped.out() + stopped.err()).isZero();
        assertThat(stopped.out()).contains("Equal: everything that was published is what the log implies");
        JsonNode report = stopped.report();
        assertThat(report.path("equal").asBoolean()).isTrue();
        assertThat(report.at("/lineages")).hasSize(2);
        for (JsonNode lineage : report.at("/lineages")) {
            assertThat(lineage.path("verified").asBoolean()).as("%s", lineage).isTrue();
            JsonNode shard = lineage.at("/shards/0");
            assertThat(shard.path("digest_equal").asBoolean()).isTrue();
            assertThat(shard.path("versions").asLong()).isGreaterThan(1);
            assertThat(shard.path("base_files").asLong()).isPositive();
            assertThat(shard.at("/first_difference").isNull()).isTrue();
        }
        assertThat(report.at("/lineages/0/live").asBoolean()).isTrue();
        assertThat(report.at("/lineages/0/shards/0/examples").asLong()).isEqualTo(DECISIONS * 6 + 1);
        assertThat(report.at("/lineages/1/live").asBoolean()).isFalse();
        assertThat(report.at("/lineages/1/shards/0/examples").asLong()).isEqualTo(DECISIONS * 4);
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingIsLearnedTwice() {
        JsonNode report = stopped.report();
        assertThat(report.at("/feedback/acknowledged").asLong()).isEqualTo(DECISIONS * 6 + 1);
        assertThat(report.at("/feedback/in_log").asLong()).isEqualTo(DECISIONS * 6 + 4);
        assertThat(report.at("/lost").asLong(-1)).isZero();
        assertThat(report.at("/duplicated_in_log").asLong(-1)).isZero();
        assertThat(report.at("/effect_twice").asLong(-1)).isZero();
        assertThat(report.at("/learned_twice").asLong(-1)).isZero();
        assertThat(report.at("/examples/originals").asLong()).isEqualTo(DECISIONS * 6);
        assertThat(report.at("/examples/corrections").asLong()).isEqualTo(1);
    }

    @Test
    void aDecisionsLifeIsTold() throws Exception {
        assertThat(traced.exit()).as(traced.err()).isZero();
        JsonNode life = new ObjectMapper().readTree(traced.out());
        assertThat(life.at("/decision/request_id").asText()).isEqualTo("third-1");
        assertThat(life.at("/decision/slate")).hasSize(2);
        assertThat(life.at("/decision/slate/0/features/user").asText()).isEqualTo("u1");
        assertThat(life.at("/decision/slate/0/features/hour").asText()).isEqualTo("8");
        assertThat(life.at("/feedback").findValuesAsText("id"))
                .containsExactly("third-1/0/like", "third-1/1/like", "third-1/0/click");
        assertThat(life.at("/outcomes")).hasSize(3);
        assertThat(life.at("/examples").findValuesAsText("kind")).containsExactly("original", "original", "correction");
        for (JsonNode example : life.at("/examples")) {
            long offset = example.path("offset").asLong();
            assertThat(example.at("/first_version/from").asLong()).isLessThanOrEqualTo(offset);
            assertThat(example.at("/first_version/to").asLong()).isGreaterThan(offset);
        }
        assertThat(told.out())
                .contains("request third-1", "user=u1", "feedback third-1/0/click: click 1.0 of slot 0")
                .contains("correction of slot 0: label 2.0 becomes 3.0", "is the first with offset");
    }

    @Test
    void anUnknownDecisionIsAnErrorOfTheCaller() {
        assertThat(untraced.exit()).isEqualTo(2);
        assertThat(untraced.err()).contains("decision nobody-asked: not in the log (expected: ");
    }

    @Test
    void aVersionIsRebuiltAndCanBeImported() {
        assertThat(rebuilt.exit()).as(rebuilt.err()).isZero();
        assertThat(rebuilt.out())
                .contains("version " + version.value().getTo() + ": digest ")
                .contains("saved in saved");
        String digest = rebuilt.out().replaceAll("(?s).*: digest ([0-9a-f]{16}).*", "$1");
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("imported " + digest);
        assertThat(directory.resolve("saved/spec.yaml")).hasContent(SPEC.formatted("13"));
    }

    @Test
    void aVersionBeyondTheLogIsAnErrorOfTheCaller() {
        assertThat(beyond.exit()).isEqualTo(2);
        assertThat(beyond.err()).contains("version: 1000000 is beyond the log (expected: 0 to ");
    }

    @Test
    void aDeltaWithAWrongDigestIsFoundWhereItIs() {
        assertThat(lying.exit()).as(lying.out() + lying.err()).isEqualTo(1);
        assertThat(lying.out())
                .contains("NOT equal", "offset " + version.value().getTo());
        assertThat(lying.report().at("/lineages")).hasSize(1);
        JsonNode shard = lying.report().at("/lineages/0/shards/0");
        assertThat(shard.path("digest_equal").asBoolean()).isFalse();
        assertThat(shard.path("differences").asLong()).isEqualTo(1);
        assertThat(shard.at("/first_difference/offset").asLong())
                .isEqualTo(version.value().getTo());
        assertThat(shard.at("/first_difference/found").asText()).isEqualTo(WRONG);
        String expected = shard.at("/first_difference/expected").asText();
        assertThat(rebuilt.out()).contains(": digest " + expected);
    }

    @Test
    void aCopiedExampleAndALostIdAreFound() {
        assertThat(repeated.exit()).as(repeated.out() + repeated.err()).isEqualTo(1);
        JsonNode report = repeated.report();
        assertThat(report.at("/learned_twice").asLong()).isEqualTo(1);
        assertThat(report.at("/examples/first_difference/kind").asText()).isEqualTo("repeated_example");
        assertThat(report.at("/examples/first_difference/offset").asLong()).isEqualTo(copyOffset);
        assertThat(report.at("/lost").asLong()).isEqualTo(1);
        assertThat(report.at("/feedback/some_lost/0").asText()).isEqualTo("never-sent");
        assertThat(report.at("/duplicated_in_log").asLong(-1)).isZero();
    }
}
