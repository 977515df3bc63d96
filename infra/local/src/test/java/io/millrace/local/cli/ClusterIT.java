package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.StartException;
import io.millrace.local.cluster.Cluster;
import io.millrace.local.cluster.Cluster.State;
import io.millrace.local.cluster.MemberProcess.Signal;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of separate processes, started, looked at, hit and stopped by the commands that people use. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("whole-machine")
class ClusterIT {
    private static final Duration START = Duration.ofSeconds(150);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              slots: 1
              candidate: {item: categorical}
            feedback:
              reward: {like: 1.0}
              final: [like]
              window: 5s
              late: 1h
            model: {bits: 10}
            snapshot: {every: 50ms, base: 5s}
            sources:
              likes: {as: feedback, kind: like, id: id, request: rid, slot: at}
            """;

    @TempDir
    private static Path directory;

    @BeforeAll
    void start() throws Exception {
        Files.writeString(directory.resolve("movies.yaml"), SPEC);
        String[] up = {
            "cluster", "up", "--dir", "cluster", "--spec", "movies.yaml", "--brokers", "1", "--taskmanagers", "1"
        };
        try (TestingMillrace command = TestingMillrace.start(directory, up)) {
            assertThat(command.awaitExit(START)).as(command.err()).isZero();
            assertThat(command.out())
                    .contains("broker-1", "taskmanager-1", "serving-2", "sources", "jobs       running");
        }
    }

    @AfterAll
    void stop() throws Exception {
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"))) {
            cluster.down(what -> {});
            assertThat(cluster.states()).allMatch(state -> state.pid() == 0);
        }
    }

    @Test
    @Order(1)
    void theLoopClosesThroughSeparateProcesses() throws Exception {
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"))) {
            learn(cluster, "one", 1);
        }
    }

    @Test
    @Order(1)
    void feedbackFromATopicOfOthersClosesTheLoop() throws Exception {
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"))) {
            TestingApplication serving =
                    new TestingApplication(cluster.serving().get(0));
            long before = serving.version();
            serving.rank("""
                    {"request_id": "foreign", "subject": "ann", "candidates": [{"item": "heat"}, {"item": "up"}]}""");
            try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                    cluster.kafka().producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
                byte[] like = "{\"id\": 1, \"rid\": \"foreign\", \"at\": 0}".getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("likes", like)).get();
            }
            Waiting.until(
                    "a newer version",
                    START,
                    () -> serving.version() <= before,
                    () -> serving.model().toString());
        }
    }

    /** A decision by one serving process, feedback by the collector, and the version that knows it at the other one. */
    private static void learn(Cluster cluster, String request, long version) {
        TestingApplication first = new TestingApplication(cluster.serving().get(0));
        TestingApplication second = new TestingApplication(cluster.serving().get(1));
        TestingApplication collector = new TestingApplication(cluster.collector());
        first.rank("""
                {"request_id": "%s", "subject": "ann", "candidates": [{"item": "heat"}, {"item": "up"}]}""".formatted(request));
        collector.tell("""
                {"request_id": "%s", "kind": "like", "slot": 0}""".formatted(request));
        Waiting.until(
                "version " + version + " at the other serving process",
                START,
                () -> second.version() < version,
                () -> second.model().toString());
    }

    @Test
    @Order(2)
    void statusShowsWhoIsDeadAndUpStartsNoMoreThanThat() throws Exception {
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"))) {
            List<State> before = cluster.states();
            assertThat(before).allMatch(State::isReady);
            assertThat(cluster.signal("taskmanager-1", Signal.KILL)).isTrue();
            assertThat(cluster.signal("jobmanager", Signal.KILL)).isTrue();
            try (TestingMillrace status = TestingMillrace.start(directory, "cluster", "status", "--dir", "cluster")) {
                assertThat(status.awaitExit(STOP)).isEqualTo(1);
                assertThat(status.out())
                        .containsPattern("taskmanager-1 +- +- +down")
                        .contains("jobs       not running");
            }
            try (TestingMillrace up = TestingMillrace.start(directory, "cluster", "up", "--dir", "cluster")) {
                assertThat(up.awaitExit(START)).as(up.err()).isZero();
            }
            assertThat(cluster.states()).allMatch(State::isReady);
            assertThat(pids(cluster.states(), false)).isEqualTo(pids(before, false));
            assertThat(pids(cluster.states(), true)).doesNotContainAnyElementsOf(pids(before, true));
            learn(cluster, "two", 3);
        }
    }

    private static List<Long> pids(List<State> states, boolean killed) {
        return states.stream()
                .filter(state -> List.of("taskmanager-1", "jobmanager").contains(state.name()) == killed)
                .map(State::pid)
                .collect(Collectors.toList());
    }

    @Test
    @Order(3)
    void whatTheOthersHaveNotMissedYetIsNotReadyForThat() throws Exception {
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"))) {
            for (String name : List.of("broker-1", "taskmanager-1")) {
                cluster.signal(name, Signal.KILL);
                cluster.start(name);
                assertThat(cluster.isReady(name)).as(name).isFalse();
                Waiting.until(name, START, () -> !isReady(cluster, name), () -> "is not ready");
            }
            learn(cluster, "three", 4);
        }
    }

    private static boolean isReady(Cluster cluster, String name) {
        try {
            return cluster.isReady(name) && cluster.areJobsRunning();
        } catch (InterruptedException | StartException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(4)
    void topicsAreAsPlannedAndAnotherPlanIsHeldAgainstThem() throws Exception {
        String kafka;
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"))) {
            KafkaSettings settings = cluster.kafka();
            kafka = settings.client().get("bootstrap.servers");
        }
        try (TestingMillrace topics = TestingMillrace.start(directory, "topics", "--kafka", kafka)) {
            assertThat(topics.awaitExit(STOP)).as(topics.out()).isZero();
        }
        String[] other = {"topics", "--kafka", kafka, "--shards", "4", "--acl", "join=User:joiner"};
        try (TestingMillrace topics = TestingMillrace.start(directory, other)) {
            assertThat(topics.awaitExit(STOP)).isEqualTo(1);
            assertThat(topics.out())
                    .contains("examples, partitions: 1 (expected: 4;")
                    .contains("acl  User:joiner  WRITE  TRANSACTIONAL_ID PREFIXED millrace-join");
        }
    }

    @Test
    @Order(5)
    void aSpecThatTheLiveModelDoesNotLearnByIsRefusedBeforeAnythingChanges() throws Exception {
        Path stored = directory.resolve("cluster/spec.yaml");
        Files.writeString(directory.resolve("changed.yaml"), changed());
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"));
                TestingConsole console = new TestingConsole(directory)) {
            List<Long> before = pids(cluster.states());
            assertThat(refused(console, "cluster", "up", "--dir", "cluster", "--spec", "changed.yaml"))
                    .contains("learns by another spec: crosses[0]: [user, item] (expected: none); model.bits: 11")
                    .contains("model.bits: 11 (expected: 10); 'millrace spec diff' says")
                    .doesNotContain("stopped");
            assertThat(stored).hasContent(SPEC);
            assertThat(pids(cluster.states())).isEqualTo(before);

            Files.writeString(stored, changed());
            assertThat(done(console, "model", "freeze", "--dir", "cluster")).contains("learns nothing until");
            assertThat(done(console, "model", "thaw", "--dir", "cluster")).contains("learns on");
            assertThat(refused(console, "cluster", "up", "--dir", "cluster")).contains("learns by another spec");
            String harmless = SPEC + "policy: {epsilon: 0.2}\n";
            Files.writeString(directory.resolve("harmless.yaml"), harmless);
            done(console, "cluster", "up", "--dir", "cluster", "--spec", "harmless.yaml");
            assertThat(stored).hasContent(harmless);
            assertThat(pids(cluster.states())).isEqualTo(before);
            learn(cluster, "four", 5);
        }
    }

    /** Another table, and a cross. */
    private static String changed() {
        return SPEC.replace("bits: 10", "bits: 11") + "crosses: [[user, item]]\n";
    }

    @Test
    @Order(6)
    void aStoppedClusterIsAsStoppedAsBeforeWhenItsStartIsRefused() throws Exception {
        Path stored = directory.resolve("cluster/spec.yaml");
        String before = Files.readString(stored);
        Path metadata = directory.resolve("cluster/broker-1/log/__cluster_metadata-0");
        try (Cluster cluster = Cluster.of(directory.resolve("cluster"));
                TestingConsole console = new TestingConsole(directory)) {
            done(console, "cluster", "down", "--dir", "cluster");
            assertThat(refused(console, "cluster", "up", "--dir", "cluster", "--spec", "changed.yaml"))
                    .contains("learns by another spec: ", "stopped broker-1", "stopped zookeeper");
            assertThat(cluster.states()).allMatch(state -> state.pid() == 0);
            assertThat(stored).hasContent(before);

            Files.move(metadata, directory.resolve("lost"));
            assertThat(refused(console, "cluster", "up", "--dir", "cluster"))
                    .contains("cluster directory " + directory.resolve("cluster") + ": records of ")
                    .contains("in " + metadata.getParent() + ", does not know these partitions")
                    .doesNotContain("starting");
            assertThat(cluster.states()).allMatch(state -> state.pid() == 0);
        }
    }

    private static List<Long> pids(List<State> states) {
        return states.stream().map(State::pid).toList();
    }

    private static String refused(TestingConsole console, String... command) throws Exception {
        TestingConsole.Ended ended = console.run(command);
        assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
        return ended.err();
    }

    private static String done(TestingConsole console, String... command) throws Exception {
        TestingConsole.Ended ended = console.run(command);
        assertThat(ended.exit()).as(ended.err()).isZero();
        return ended.out();
    }
}
