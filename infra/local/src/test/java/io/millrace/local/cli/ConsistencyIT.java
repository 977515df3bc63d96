package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.local.cli.TestingMillrace.Addresses;
import io.millrace.local.consistency.ConsistencyTopics;
import io.millrace.record.Alert;
import io.millrace.record.Decision;
import io.millrace.record.FeatureValues;
import io.millrace.record.Metric;
import io.millrace.record.Severity;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A loop with streaming features runs, is killed and runs on; then skew is planted in it, of one kind after the other. */
@TestInstance(Lifecycle.PER_CLASS)
class ConsistencyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              slots: 2
              candidate: {item: categorical, genres: categorical_set}
            feedback: {reward: {like: 1}, final: [like, skip], window: 2s, late: 1h}
            events:
              view: {entities: [user, item], values: {seconds: numeric, device: categorical}}
            features:
              odds: {rate: label, where: reward > 0, per: label, by: item, as: log_odds, prior: {rate: 0.3, strength: 2}}
              taste: {rate: label, where: reward > 0, per: label, by: [user, genres], half_life: 1m}
              watched: {sum: view.seconds, by: item, half_life: 30s}
              lately: {count: view, by: item, window: 6s, tile: 1s}
              longest: {max: view.seconds, by: user}
              devices: {distinct: view.device, by: user}
              last_seen: {last_k: view.item, by: user, k: 3}
              idle: {since_last: view, by: user, window: 5s}
            model: {learner: ftrl, bits: 12, alpha: 0.3}
            snapshot: {every: 50ms, base: 1s}
            """;

    private static final int FEATURES = 8;

    @TempDir
    private static Path directory;

    private static TestingConsole console;

    private final Random random = new Random(11);
    private int requests;
    private int events;
    private Finished clean;
    private Finished otherHalfLife;
    private Finished sinceLong;
    private Finished sinceNow;
    private Finished altered;
    private Finished cut;
    private Finished stopped;
    private Finished none;
    private List<Metric> metrics = List.of();
    private List<Alert> alerts = List.of();

    private record Finished(int exit, String out, String err, JsonNode report) {
        JsonNode feature(String name) {
            for (JsonNode one : report.path("features")) {
                if (one.path("feature").asText().equals(name)) {
                    return one;
                }
            }
            throw new AssertionError(name + ": not in " + report);
        }

        Set<String> differing() {
            Set<String> differing = new HashSet<>();
            for (JsonNode one : report.path("features")) {
                if (one.path("differ").asLong() > 0) {
                    differing.add(one.path("feature").asText());
                }
            }
            return differing;
        }
    }

    @BeforeAll
    void runIsKilledAndPlantsSkew() throws Exception {
        console = new TestingConsole(directory);
        Files.writeString(directory.resolve("movies.yaml"), SPEC);
        Files.writeString(directory.resolve("other.yaml"), SPEC.replace("half_life: 30s", "half_life: 31s"));
        try (TestingMillrace first = up()) {
            Addresses addresses = first.awaitStart();
            none = check(addresses, "movies.yaml");
            use(new TestingApplication(addresses.http()), 40);
            first.kill();
        }
        try (TestingMillrace second = up()) {
            Addresses addresses = second.awaitStart();
            TestingApplication application = new TestingApplication(addresses.http());
            TestingLog log = new TestingLog(addresses.kafka());
            use(application, 60);
            Waiting.until("the last decision", () -> newest(log).getRequestId().equals("r-99"));
            clean = check(addresses, "movies.yaml");
            otherHalfLife = check(addresses, "other.yaml");
            sinceLong = check(addresses, "movies.yaml", "--since", "2020-01-01T00:00:00Z");
            sinceNow = check(addresses, "movies.yaml", "--since", Instant.now().toString());
            alterWhatTheJobSaid(application, log);
            altered = check(addresses, "movies.yaml");
            alterWhatServingLogged(log);
            follow(addresses, log);
            log.deleteBefore(Topic.OUTCOMES, 20);
            cut = check(addresses, "movies.yaml");
            second.terminate();
            second.awaitExit(PATIENCE);
        }
        stopped = run("consistency", "--dir", "data", "--report", "report.json");
    }

    @AfterAll
    static void close() {
        console.close();
    }

    private static TestingMillrace up() throws Exception {
        return TestingMillrace.start(
                directory, "up", "--spec", "movies.yaml", "--data-dir", "data", "--port", "0", "--kafka-port", "0");
    }

    private Finished check(Addresses addresses, String spec, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "consistency",
                "--kafka",
                addresses.kafka().client().get("bootstrap.servers"),
                "--spec",
                spec,
                "--report",
                "report.json"));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new));
    }

    private Finished run(String... command) throws Exception {
        Files.deleteIfExists(directory.resolve("report.json"));
        TestingConsole.Ended ended = console.run(command);
        Path report = directory.resolve("report.json");
        JsonNode json = Files.exists(report)
                ? new ObjectMapper().readTree(report.toFile())
                : new ObjectMapper().createObjectNode();
        return new Finished(ended.exit(), ended.out(), ended.err(), json);
    }

    private void use(TestingApplication application, int decisions) throws Exception {
        for (int n = 0; n < decisions; n++) {
            use(application, 1, "u" + random.nextInt(3), "m" + random.nextInt(4));
        }
    }

    private void use(TestingApplication application, int decisions, String user, String item) throws Exception {
        for (int n = 0; n < decisions; n++) {
            int number = requests++;
            int id = events++;
            for (int sent = random.nextInt(4) == 0 ? 2 : 1; sent > 0; sent--) {
                application.send(
                        "POST", "/v1/events", """
                        {"id": "e-%d", "kind": "view", "entities": {"user": "%s", "item": "%s"},
                         "values": {"seconds": %d, "device": "d%d"}}
                        """.formatted(id, user, item, random.nextInt(900), random.nextInt(5)));
            }
            application.rank("""
                    {"request_id": "r-%d", "subject": "%s", "candidates": [
                      {"item": "%s", "genres": ["g1", "g2"]}, {"item": "m9", "genres": ["g2"]}, {"item": "m8"}]}
                    """.formatted(number, user, item));
            if (random.nextInt(3) > 0) {
                application.tell("""
                        {"id": "f-%d", "request_id": "r-%d", "slot": 0, "kind": "%s"}
                        """.formatted(number, number, random.nextBoolean() ? "like" : "skip"));
            }
            Thread.sleep(random.nextInt(120));
        }
    }

    /** As if a job that counts wrongly had published it: a maximum that no event has. */
    private static void alterWhatTheJobSaid(TestingApplication application, TestingLog log) throws Exception {
        String key = "user/"
                + EntityValues.key(AggregateGroup.of(SpecReader.read(SPEC, "movies.yaml")).stream()
                        .filter(group -> group.by().equals(List.of("user")))
                        .findFirst()
                        .orElseThrow()
                        .entity(FeatureHash.of("user").hash("u1")));
        Waiting.until(
                "a value that will not change by itself",
                () -> newest(log, key).getValues().stream()
                        .noneMatch(value -> value.getFeature().equals("idle")));
        FeatureValues newest = newest(log, key);
        newest.getValues().stream()
                .filter(value -> value.getFeature().equals("longest"))
                .forEach(value -> value.setNumbers(List.of(value.getNumbers().get(0) + 1000)));
        long offset = log.write(
                Topic.FEATURE_VALUES,
                key.getBytes(StandardCharsets.UTF_8),
                Codec.of(FeatureValues.class).encode(newest));
        Waiting.until("a decision that knows it", () -> {
            application.rank("""
                    {"subject": "u1", "candidates": [{"item": "m0", "genres": ["g1"]}]}
                    """);
            return newest(log).getFeaturesOffset() > offset;
        });
    }

    private static FeatureValues newest(TestingLog log, String key) {
        return log.read(Topic.FEATURE_VALUES, FeatureValues.class).stream()
                .map(Placed::value)
                .filter(value -> key.equals(value.getBy() + "/" + value.getEntity()))
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private static Decision newest(TestingLog log) {
        List<Placed<Decision>> all = log.read(Topic.DECISIONS, Decision.class);
        return all.get(all.size() - 1).value();
    }

    /** As if serving had read another count than it had: one more. */
    private static void alterWhatServingLogged(TestingLog log) throws Exception {
        FeatureSet set = SpecReader.read(SPEC, "movies.yaml").featureSet();
        Decision decision = log.read(Topic.DECISIONS, Decision.class).get(50).value();
        Slot slot = decision.getSlate().get(0);
        int shared = decision.getShared().remaining();
        byte[] packed = new byte[shared + slot.getFeatures().remaining()];
        ByteBuffer.wrap(packed)
                .put(decision.getShared().duplicate())
                .put(slot.getFeatures().duplicate());
        FeatureVector vector = new FeatureVector(set).unpack(packed);
        int position = set.indexOf("lately");
        int bytesBehind = 0;
        for (int i = position + 1; i < set.size(); i++) {
            assertThat(set.features().get(i).kind()).isEqualTo(FeatureKind.NUMERIC);
            bytesBehind += vector.isPresent(i) ? Float.BYTES : 0;
        }
        byte[] features = Arrays.copyOfRange(packed, shared, packed.length);
        ByteBuffer.wrap(features)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(features.length - bytesBehind - Float.BYTES, vector.value(vector.from(position)) + 1);
        slot.setFeatures(ByteBuffer.wrap(features));
        decision.setId(DecisionIds.mint(System.currentTimeMillis(), 77L));
        decision.setRequestId(null);
        log.write(
                Topic.DECISIONS,
                decision.getId().getBytes(StandardCharsets.UTF_8),
                Codec.of(Decision.class).encode(decision));
    }

    /** As it runs beside a loop: what it finds is published. */
    private void follow(Addresses addresses, TestingLog log) throws Exception {
        try (TestingMillrace job = TestingMillrace.start(
                directory,
                "consistency",
                "--spec",
                "movies.yaml",
                "--kafka",
                addresses.kafka().client().get("bootstrap.servers"),
                "--every",
                "0.02")) {
            Waiting.until("metrics", PATIENCE, () -> published(log).size() < FEATURES, job::err);
            metrics = published(log);
        }
        alerts = log.read(Topic.ALERTS, Alert.class).stream()
                .map(Placed::value)
                .filter(alert -> alert.getSeries().equals("consistency/movies"))
                .toList();
    }

    private static List<Metric> published(TestingLog log) {
        return log.read(Topic.METRICS, Metric.class).stream()
                .map(Placed::value)
                .filter(metric -> metric.getSeries().equals(ConsistencyTopics.SERIES))
                .toList();
    }

    @Test
    void beforeAnyDecisionThereIsNothingToCompare() {
        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("decisions: none of 0 with this feature set and featuresOffset (expected: ");
    }

    @Test
    void whatWasLoggedInARunThatWasKilledIsWhatTheLogGives() {
        assertThat(clean.exit()).as(clean.out() + clean.err()).isZero();
        assertThat(clean.out()).contains("Consistent: what was logged is what the log gives.");
        assertThat(clean.report().path("decisions").asLong()).isBetween(90L, 100L);
        assertThat(clean.report().path("differ").asLong(-1)).isZero();
        assertThat(clean.report().path("features")).hasSize(FEATURES).allSatisfy(feature -> {
            assertThat(feature.path("compared").asLong()).isGreaterThanOrEqualTo(90);
            assertThat(feature.path("from_log").asLong())
                    .isEqualTo(feature.path("compared").asLong());
            assertThat(feature.path("largest_relative").asDouble()).isLessThan(1e-6);
        });
    }

    @Test
    void aHalfLifeThatIsNotThatOfServingIsFound() {
        assertThat(otherHalfLife.exit()).isEqualTo(1);
        assertThat(otherHalfLife.differing()).containsExactly("watched");
    }

    /** The job of this loop had no backfill: it took what the command is told not to count. */
    @Test
    void whatHappenedBeforeATimeThatIsToldDoesNotCount() {
        assertThat(sinceLong.exit()).as(sinceLong.out() + sinceLong.err()).isZero();
        assertThat(sinceLong.feature("devices").path("from_log").asLong()).isPositive();
        assertThat(sinceNow.exit()).isEqualTo(1);
        assertThat(sinceNow.differing()).contains("odds", "watched", "longest", "devices");
    }

    @Test
    void aValueThatTheJobDidNotCountIsFoundWithItsSizeAndPlace() {
        assertThat(altered.exit()).as(altered.out() + altered.err()).isEqualTo(1);
        assertThat(altered.differing()).containsExactly("longest");
        JsonNode longest = altered.feature("longest");
        assertThat(longest.path("differ").asLong()).isPositive();
        assertThat(longest.path("differ_by_job").asLong())
                .isEqualTo(longest.path("differ").asLong());
        assertThat(longest.path("largest_absolute").asDouble()).isEqualTo(1000);
        assertThat(longest.path("first").asText()).contains("as feature-values said, but events and outcomes give ");
        assertThat(altered.out()).contains("NOT consistent", "DIFFER ");
    }

    @Test
    void aValueThatServingDidNotHaveIsFoundApart() {
        assertThat(stopped.exit()).as(stopped.out() + stopped.err()).isEqualTo(1);
        assertThat(stopped.differing()).containsExactlyInAnyOrder("longest", "lately");
        JsonNode lately = stopped.feature("lately");
        assertThat(lately.path("differ").asLong()).isEqualTo(1);
        assertThat(lately.path("differ_by_job").asLong(-1)).isZero();
        assertThat(lately.path("largest_absolute").asDouble()).isEqualTo(1);
        assertThat(lately.path("first").asText()).contains("but feature-values said ");
    }

    @Test
    void whatTheLogHasLostIsNotHeldAgainstTheValues() {
        assertThat(cut.differing()).containsExactlyInAnyOrder("longest", "lately");
        for (String ofOutcomes : List.of("odds", "taste")) {
            JsonNode feature = cut.feature(ofOutcomes);
            assertThat(feature.path("compared").asLong())
                    .isEqualTo(stopped.feature(ofOutcomes).path("compared").asLong())
                    .isGreaterThan(feature.path("from_log").asLong());
        }
        JsonNode devices = cut.feature("devices");
        assertThat(devices.path("from_log").asLong())
                .isEqualTo(devices.path("compared").asLong());
    }

    @Test
    void theJobPublishesShareAndSizeForEachFeatureAndAnAlertForThoseThatDiffer() {
        assertThat(metrics)
                .extracting(metric -> metric.getTags().get("feature"))
                .hasSize(FEATURES);
        Metric longest = metrics.stream()
                .filter(metric -> metric.getTags().get("feature").equals("longest"))
                .findFirst()
                .orElseThrow();
        assertThat(longest.getTags()).containsEntry("pipeline", "movies");
        Map<String, Double> found = longest.getValues();
        assertThat(found.get("differ")).isPositive();
        assertThat(found)
                .containsEntry("largest_absolute", 1000.0)
                .containsEntry("share", found.get("differ") / found.get("compared"));
        assertThat(alerts)
                .hasSize(2)
                .allSatisfy(alert -> assertThat(alert.getSeverity()).isEqualTo(Severity.CRITICAL));
        assertThat(alerts)
                .extracting(Alert::getText)
                .anyMatch(text ->
                        text.startsWith("features.longest: ") && text.contains("at most by 1000.00 (expected: none)"));
    }
}
