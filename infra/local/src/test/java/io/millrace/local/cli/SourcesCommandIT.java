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

    private TestingMillrace run() throws Exception {
        Files.writeString(directory.resolve("clicks.yaml"), SPEC.substring(0, SPEC.indexOf("  likes:")));
        return TestingMillrace.start(
                directory, "sources", "run", "--spec", "clicks.yaml", "--kafka", brokers, "--port", "0");
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
