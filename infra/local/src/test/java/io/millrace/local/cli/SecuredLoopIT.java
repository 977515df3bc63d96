package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.job.JoinMain;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.FlinkCluster;
import io.millrace.local.part.CollectorPart;
import io.millrace.local.part.RunningPart;
import io.millrace.local.part.ServingPart;
import io.millrace.local.part.SourcesPart;
import io.millrace.record.DeadLetter;
import io.millrace.record.Feedback;
import io.millrace.testkit.SecuredKafka;
import io.millrace.trainer.job.LearnMain;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parts on a broker with SASL, TLS and access rules: each as a user of its own, who may do what {@code millrace topics
 * --acl} prints, and nothing else.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SecuredLoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Well below the two minutes that a Kafka client goes on trying if it is left alone. */
    private static final Duration AT_ONCE = Duration.ofSeconds(60);

    /** Part of every password. */
    private static final String MARK = "7f3c9a";

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
            snapshot: {every: 50ms, base: 1s}
            """;

    @TempDir
    private static Path directory;

    private SecuredKafka kafka;
    private WatchedLogs logs;

    @BeforeAll
    void start() throws Exception {
        logs = new WatchedLogs(Pattern.compile(MARK), Pattern.compile("sasl\\.jaas\\.config = \\[hidden]"));
        kafka = SecuredKafka.start(directory.resolve("kafka"), password(SecuredKafka.ADMIN));
        Files.writeString(directory.resolve("movies.yaml"), SPEC);
        config(SecuredKafka.ADMIN, password(SecuredKafka.ADMIN));
        List<String> command = new ArrayList<>(List.of("topics", "--config", "admin.properties", "--create"));
        for (Part part : Part.values()) {
            kafka.user(part.text(), password(part.text()));
            config(part.text(), password(part.text()));
            command.addAll(List.of("--acl", part.text() + "=User:" + part.text()));
        }
        try (TestingMillrace topics = TestingMillrace.start(directory, command.toArray(String[]::new))) {
            assertThat(topics.awaitExit(PATIENCE)).as(topics.err()).isZero();
            assertThat(topics.out()).containsPattern("created \\d+ access rules");
        }
    }

    @AfterAll
    void stop() {
        logs.close();
        kafka.close();
    }

    private static String password(String user) {
        return MARK + "-password-of-" + user;
    }

    private Path config(String user, String password, String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(more));
        lines.add("topics.prefix=team.");
        lines.add("store=" + directory.resolve("store").toUri());
        lines.add("secret=00112233445566778899aabbccddeeff");
        return kafka.config(directory.resolve(user + ".properties"), user, password, lines.toArray(String[]::new));
    }

    private static Deployment deployment(String user) throws DeploymentException {
        return Deployment.read(directory.resolve(user + ".properties"), Map.of(), Map.of());
    }

    @Test
    void eachPartRunsTheLoopAsItsOwnUserAndGoesOnFromItsCheckpoints() throws Exception {
        try (RunningPart collector =
                        CollectorPart.start(deployment("collector"), FeedbackSpec.Match.DECISION, "127.0.0.1", 0);
                RunningPart serving = ServingPart.start(
                        SpecReader.read(SPEC, "movies.yaml"), deployment("serving"), "127.0.0.1", 0)) {
            TestingApplication asking = application(serving.port());
            TestingApplication telling = application(collector.port());
            try (FlinkCluster flink = jobs()) {
                Waiting.until(
                        "a model", () -> asking.send("GET", "/health/ready", "").statusCode() == 200);
                learn(asking, telling, "one");
                garbageBecomesDeadLetters();
                awaitCheckpoint(flink);
            }
            try (FlinkCluster flink = jobs()) {
                learn(asking, telling, "two");
                awaitCheckpoint(flink);
            }
        }
        assertThat(logs.count()).as("settings of clients that were logged").isPositive();
        assertThat(logs.shown()).isEmpty();
    }

    private FlinkCluster jobs() throws Exception {
        FlinkCluster flink = FlinkCluster.start(directory.resolve("checkpoints"));
        String spec = directory.resolve("movies.yaml").toString();
        SubmittingEnvironment.run(
                flink, JoinMain::main, "--spec", spec, "--config", directory.resolve("join.properties") + "");
        SubmittingEnvironment.run(
                flink,
                LearnMain::main,
                "--spec",
                spec,
                "--config",
                directory.resolve("learn.properties") + "",
                "--checkpoint-interval",
                "200");
        return flink;
    }

    private static TestingApplication application(int port) {
        return new TestingApplication(URI.create("http://127.0.0.1:" + port));
    }

    /** A decision, feedback on it, and the version that knows it. */
    private static void learn(TestingApplication serving, TestingApplication collector, String request) {
        long before = serving.version();
        serving.rank("""
                {"request_id": "%s", "subject": "ann", "candidates": [{"item": "heat"}, {"item": "up"}]}""".formatted(request));
        collector.tell("""
                {"request_id": "%s", "kind": "like", "slot": 0}""".formatted(request));
        Waiting.until(
                "a version after " + before,
                PATIENCE,
                () -> serving.version() <= before,
                () -> serving.model().toString());
    }

    /** Each part that reads writes a dead letter, which it may. */
    private void garbageBecomesDeadLetters() throws Exception {
        TestingLog log = new TestingLog(deployment(SecuredKafka.ADMIN).kafka());
        for (Topic topic : List.of(Topic.FEEDBACK, Topic.EXAMPLES, Topic.OUTCOMES)) {
            log.write(topic, new byte[] {1}, new byte[] {2});
        }
        Set<String> expected = Set.of("join", "trainer", "serving");
        Waiting.until(
                "dead letters of " + expected,
                PATIENCE,
                () -> !components(log).containsAll(expected),
                () -> components(log).toString());
    }

    private static Set<String> components(TestingLog log) {
        return log.read(Topic.DEAD_LETTERS, DeadLetter.class).stream()
                .map(placed -> placed.value().getComponent())
                .collect(Collectors.toSet());
    }

    private static void awaitCheckpoint(FlinkCluster flink) throws Exception {
        long before = flink.checkpoints("millrace-join");
        Waiting.until("a checkpoint of the join", () -> {
            try {
                return flink.checkpoints("millrace-join") > before + 1;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whoReadsSourcesNeedsNoMoreThanItsRulesAndThoseOfTheTopics() throws Exception {
        String yaml = SPEC + "sources: {likes: {as: feedback, kind: like, request: r}}\n";
        Files.writeString(directory.resolve("sources.yaml"), yaml);
        kafka.admin()
                .createTopics(List.of(new NewTopic("likes", 1, (short) 1)))
                .all()
                .get();
        try (TestingMillrace topics = TestingMillrace.start(
                directory,
                "topics",
                "--config",
                "admin.properties",
                "--spec",
                "sources.yaml",
                "--create",
                "--acl",
                "sources=User:sources")) {
            assertThat(topics.awaitExit(PATIENCE)).as(topics.err()).isZero();
        }
        KafkaSettings admin = deployment(SecuredKafka.ADMIN).kafka();
        try (RunningPart part = SourcesPart.start(
                        SpecReader.read(yaml, "sources.yaml"), directory, deployment("sources"), "127.0.0.1", 0);
                Producer<byte[], byte[]> others =
                        new KafkaProducer<>(admin.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThat(part.port()).isPositive();
            for (String value : List.of("{\"r\": \"of-a-source\"}", "garbage")) {
                others.send(new ProducerRecord<>("likes", value.getBytes(StandardCharsets.UTF_8)));
            }
            others.flush();
            TestingLog log = new TestingLog(admin);
            Waiting.until(
                    "feedback",
                    () -> log.read(Topic.FEEDBACK, Feedback.class).stream()
                            .anyMatch(placed ->
                                    "of-a-source".equals(placed.value().getRequestId())));
            Waiting.until("a dead letter", () -> components(log).contains("source"));
        }
        assertThat(logs.shown()).isEmpty();
    }

    @Test
    void aSourceInAnotherKafkaIsReadWithTheRightsOfItsTopicAlone() throws Exception {
        String reader = MARK + "-password-of-reader";
        try (SecuredKafka shop = SecuredKafka.start(directory.resolve("shop"), password("shop"))) {
            shop.user("reader", reader);
            shop.admin()
                    .createTopics(List.of(new NewTopic("shop.likes", 1, (short) 1)))
                    .all()
                    .get();
            shop.admin()
                    .createAcls(Part.aclsOfSource("shop.likes", "User:reader"))
                    .all()
                    .get();
            Map<String, String> flags = new TreeMap<>();
            shop.client("reader", reader).forEach((key, value) -> flags.put("cluster.shop." + key, value));
            Deployment deployment = Deployment.read(directory.resolve("sources.properties"), Map.of(), flags);
            String yaml = SPEC
                    + "sources: {foreign: {topic: shop.likes, cluster: shop, as: feedback, kind: like, request: r}}\n";
            KafkaSettings admin = new KafkaSettings(shop.client(SecuredKafka.ADMIN, password("shop")), "");
            try (RunningPart part = SourcesPart.start(
                            SpecReader.read(yaml, "shop.yaml"), directory, deployment, "127.0.0.1", 0);
                    Producer<byte[], byte[]> others = new KafkaProducer<>(
                            admin.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
                assertThat(part.port()).isPositive();
                others.send(new ProducerRecord<>(
                        "shop.likes", "{\"r\": \"of-another-kafka\"}".getBytes(StandardCharsets.UTF_8)));
                TestingLog log = new TestingLog(deployment(SecuredKafka.ADMIN).kafka());
                Waiting.until(
                        "feedback",
                        () -> log.read(Topic.FEEDBACK, Feedback.class).stream()
                                .anyMatch(placed ->
                                        "of-another-kafka".equals(placed.value().getRequestId())));
            }
        }
        assertThat(logs.shown()).isEmpty();
    }

    @Test
    void everyCommandTellsAWrongPasswordAtOnceAndDoesNotShowIt() throws Exception {
        config("wrong", MARK + "-not-the-password");
        String told =
                "kafka.sasl.jaas.config: %spassword **** (expected: a user and a password that the brokers know; they"
                        + " say: Authentication failed during authentication due to invalid credentials with SASL mechanism"
                        + " SCRAM-SHA-512)";
        String ofUser = "  " + told.formatted("user wrong, ");
        assertThat(refusal(2, "collect", "--config", "wrong.properties", "--port", "0"))
                .containsExactly("millrace: deployment:", ofUser);
        assertThat(refusal(2, "serve", "--spec", "movies.yaml", "--config", "wrong.properties", "--port", "0"))
                .containsExactly("millrace: deployment:", ofUser);
        assertThat(refusal(1, "topics", "--config", "wrong.properties"))
                .containsExactly("millrace: " + told.formatted(""));
        assertThat(refusal(2, "verify", "--config", "wrong.properties"))
                .singleElement()
                .asString()
                .contains("Authentication failed");
    }

    private static List<String> refusal(int exitCode, String... arguments) throws Exception {
        try (TestingMillrace millrace = TestingMillrace.start(directory, arguments)) {
            assertThat(millrace.awaitExit(AT_ONCE)).as(millrace.err()).isEqualTo(exitCode);
            assertThat(millrace.out() + millrace.err()).doesNotContain(MARK, "\tat ");
            return millrace.err().lines().toList();
        }
    }

    @Test
    void theJobsTellAWrongPasswordBeforeTheyAreSubmitted() throws Exception {
        String config = config("wrong", MARK + "-not-the-password").toString();
        String spec = directory.resolve("movies.yaml").toString();
        for (SubmittingEnvironment.Program job :
                List.<SubmittingEnvironment.Program>of(JoinMain::main, LearnMain::main)) {
            assertThatThrownBy(() -> job.main(new String[] {"--spec", spec, "--config", config}))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("user wrong, password ****")
                    .message()
                    .doesNotContain(MARK);
        }
        assertThat(logs.shown()).isEmpty();
    }
}
