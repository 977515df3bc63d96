package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.cli.TestingLog.Placed;
import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
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

@TestInstance(Lifecycle.PER_CLASS)
class SourcesCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SPEC = """
            pipeline: shop
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {like: 1}}
            sources:
              clicks:
                topic: shop.clicks
                as: events
                kind: click
                entities: {user: user}
                values: {price: {field: product.price, type: number}, note: note?}
              likes:
                as: feedback
                kind: like
                request: request
                item: sku
            """;

    @TempDir
    private static Path directory;

    private TestingKafka kafka;
    private String brokers;
    private TestingConsole console;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.start(1);
        brokers = kafka.settings().client().get("bootstrap.servers");
        Files.writeString(directory.resolve("shop.yaml"), SPEC);
        console = new TestingConsole(directory);
        create(kafka.settings(), "shop.clicks");
    }

    @AfterAll
    void stop() {
        console.close();
        kafka.close();
    }

    private static void create(KafkaSettings settings, String topic) throws Exception {
        try (Admin admin = Admin.create(settings.admin())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static void send(KafkaSettings settings, String topic, List<String> values) {
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static List<String> clicks(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"user\": \"ann\", \"product\": {\"price\": " + i + "}}")
                .toList();
    }

    @Test
    void whatIsReadIsReadOnceThoughTheProcessIsKilled() throws Exception {
        TestingLog log = new TestingLog(kafka.settings());
        send(kafka.settings(), "shop.clicks", clicks(0, 20_000));
        try (TestingMillrace first = run()) {
            Waiting.until("events", () -> events(log).size() > 0);
            first.kill();
        }
        send(kafka.settings(), "shop.clicks", clicks(20_000, 25_000));
        try (TestingMillrace second = run()) {
            Waiting.until("all events", PATIENCE, () -> events(log).size() < 25_000, second::err);
            second.terminate();
            second.awaitExit(PATIENCE);
        }
        assertThat(events(log).stream().map(event -> event.value().getId()))
                .containsExactlyElementsOf(IntStream.range(0, 25_000)
                        .mapToObj(i -> "shop.clicks-0-" + i)
                        .toList());
    }

    private TestingMillrace run(String... more) throws Exception {
        Files.writeString(directory.resolve("clicks.yaml"), SPEC.substring(0, SPEC.indexOf("  likes:")));
        return start("clicks.yaml", brokers, more);
    }

    private static TestingMillrace start(String spec, String brokers, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("sources", "run", "--spec", spec, "--kafka", brokers, "--port", "0"));
        arguments.addAll(List.of(more));
        return TestingMillrace.start(directory, arguments.toArray(String[]::new));
    }

    private static String brokers(TestingKafka kafka) {
        return kafka.settings().client().get("bootstrap.servers");
    }

    @Test
    void whatIsReadFromAnotherKafkaIsReadOnceThoughTheProcessIsKilled() throws Exception {
        String yaml = SPEC.substring(0, SPEC.indexOf("  likes:"))
                .replace("topic: shop.clicks", "topic: shop.clicks\n    cluster: shop");
        Files.writeString(directory.resolve("foreign.yaml"), yaml);
        try (TestingKafka own = TestingKafka.start(1);
                TestingKafka shop = TestingKafka.start(1)) {
            create(shop.settings(), "shop.clicks");
            TestingLog log = new TestingLog(own.settings());
            send(shop.settings(), "shop.clicks", clicks(0, 40_000));
            String cluster = "shop=" + brokers(shop);
            for (int kills = 0; kills < 3; kills++) {
                int before = events(log).size();
                try (TestingMillrace killed = start("foreign.yaml", brokers(own), "--cluster", cluster)) {
                    Waiting.until("events", () -> events(log).size() > before);
                    killed.kill();
                }
            }
            assertThat(events(log).size()).as("or nothing died on the way").isLessThan(40_000);
            send(shop.settings(), "shop.clicks", clicks(40_000, 45_000));
            try (TestingMillrace last = start("foreign.yaml", brokers(own), "--cluster", cluster)) {
                Waiting.until("all events", PATIENCE, () -> events(log).size() < 45_000, last::err);
                last.terminate();
                last.awaitExit(PATIENCE);
            }
            assertThat(events(log).stream().map(event -> event.value().getId()))
                    .containsExactlyElementsOf(IntStream.range(0, 45_000)
                            .mapToObj(i -> "shop:shop.clicks-0-" + i)
                            .toList());
        }
    }

    @Test
    void aCheckReadsEachSourceFromItsKafka() throws Exception {
        String yaml = SPEC.replace("topic: shop.clicks", "topic: shop.clicks\n    cluster: shop")
                .replace("  likes:\n", "  likes:\n    cluster: gone\n");
        Files.writeString(directory.resolve("foreign.yaml"), yaml);
        try (TestingKafka shop = TestingKafka.start(1)) {
            create(shop.settings(), "shop.clicks");
            send(shop.settings(), "shop.clicks", clicks(7, 9));
            List<String> check = List.of("sources", "check", "--spec", "foreign.yaml", "--kafka", brokers);
            TestingConsole.Ended refused = console.run(check.toArray(String[]::new));
            assertThat(refused.exit()).isEqualTo(2);
            assertThat(refused.err().strip()).isEqualTo("""
                    millrace: sources:
                      sources.clicks.cluster: shop (expected: cluster.shop.bootstrap.servers in the deployment)
                      sources.likes.cluster: gone (expected: cluster.gone.bootstrap.servers in the deployment)""");
            Files.writeString(directory.resolve("foreign.properties"), """
                    cluster.gone.bootstrap.servers=127.0.0.1:1
                    cluster.gone.default.api.timeout.ms=1000
                    cluster.gone.request.timeout.ms=1000
                    """);
            List<String> more = new ArrayList<>(check);
            more.addAll(List.of("--config", "foreign.properties", "--cluster", "shop=" + brokers(shop)));
            TestingConsole.Ended ended = console.run(more.toArray(String[]::new));
            assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
            assertThat(ended.out().lines().map(String::strip))
                    .contains(
                            "clicks: the newest 2 records of shop:shop.clicks: 2 become events, 0 not mapped, 0 passed over",
                            "values.price   product.price, number   number 2; 8.0")
                    .anyMatch(line -> line.startsWith("likes: cluster gone: "));
        }
    }

    private static List<Placed<Event>> events(TestingLog log) {
        return log.read(Topic.EVENTS, Event.class);
    }

    @Test
    void aCheckShowsWhatEachFieldWouldBecome() throws Exception {
        try (TestingKafka other = TestingKafka.start(1)) {
            create(other.settings(), "shop.clicks");
            send(
                    other.settings(),
                    "shop.clicks",
                    List.of(
                            "{\"user\": \"ann\", \"product\": {\"price\": \"9.5\"}}",
                            "{\"user\": \"bob\", \"product\": {\"price\": \"abc\"}}",
                            "{\"user\": \"eve\", \"product\": {\"price\": \"dear\"}}",
                            "{\"user\": 42, \"product\": {\"price\": 12.5}, \"note\": \"new\"}"));
            TestingConsole.Ended ended = console.run(
                    "sources",
                    "check",
                    "--spec",
                    "shop.yaml",
                    "--kafka",
                    other.settings().client().get("bootstrap.servers"));
            assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
            assertThat(ended.out().lines().map(String::strip))
                    .contains(
                            "clicks: the newest 4 records of shop.clicks: 2 become events, 2 not mapped, 0 passed over",
                            "kind           the spec                text 2; \"click\"",
                            "entities.user  user                    text 2; \"42\"",
                            "values.price   product.price, number   number 2; 12.5",
                            "values.note    note?                   text 1, missing 1; \"new\"",
                            "2  product.price: \"abc\" (expected: a number)  first at shop.clicks-0-1",
                            "likes: topic likes: missing (expected: a topic that this principal may read)");
        }
    }

    @Test
    void whatIsAskedForWronglyIsTold() throws Exception {
        assertThat(refusal("check", "--source", "klicks")).isEqualTo("millrace: --source: klicks (expected: clicks?)");
        assertThat(refusal("check", "--sample", "0")).isEqualTo("millrace: --sample: 0 (expected: 1 to 100000)");
        Files.writeString(
                directory.resolve("shop.yaml"),
                SPEC.replace("kind: click", "kind: click\n    format: avro\n    framing: confluent"));
        try {
            assertThat(refusal("check"))
                    .isEqualTo("millrace: sources:\n  registry.url: missing (expected: in the deployment, where the"
                            + " schemas of sources.clicks are)");
        } finally {
            Files.writeString(directory.resolve("shop.yaml"), SPEC);
        }
    }

    private String refusal(String command, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("sources", command, "--spec", "shop.yaml", "--kafka", brokers));
        arguments.addAll(List.of(more));
        TestingConsole.Ended ended = console.run(arguments.toArray(String[]::new));
        assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
        return ended.err().strip();
    }

    @Test
    void theWholeLoopInOneProcessReadsSourcesToo() throws Exception {
        Path place = Files.createDirectory(directory.resolve("up"));
        try (TestingMillrace up = new TestingPipeline(place).up(SPEC)) {
            KafkaSettings settings = up.awaitStart().kafka();
            send(settings, "shop.clicks", clicks(0, 10));
            send(settings, "likes", List.of("{\"request\": \"r-1\", \"sku\": \"up\"}"));
            TestingLog log = new TestingLog(settings);
            Waiting.until("events", PATIENCE, () -> events(log).size() < 10, up::err);
            Waiting.until(
                    "feedback",
                    PATIENCE,
                    () -> log.read(Topic.FEEDBACK, Feedback.class).isEmpty(),
                    up::err);
            assertThat(log.read(Topic.FEEDBACK, Feedback.class))
                    .extracting(each -> each.value().getRequestId())
                    .containsExactly("r-1");
        }
    }
}
