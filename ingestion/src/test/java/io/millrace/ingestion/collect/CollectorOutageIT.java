package io.millrace.ingestion.collect;

import static io.millrace.ingestion.collect.TestingClient.JSON;
import static io.millrace.ingestion.collect.TestingClient.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.ingestion.collect.TestingClient.Answer;
import io.millrace.record.Feedback;
import io.millrace.testkit.Ports;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorOutageIT {
    private static final String FEEDBACK = "/v1/feedback";
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(2);
    private static final CollectorLimits LIMITS = limits(4, READ_TIMEOUT, ACK_TIMEOUT);

    @TempDir
    private Path directory;

    private int port;
    private int controllerPort;
    private EmbeddedBroker broker;
    private KafkaSettings settings;

    @BeforeEach
    void start() throws Exception {
        port = Ports.free();
        controllerPort = Ports.free();
        startBroker();
        settings = KafkaSettings.of(broker.bootstrapServers());
        try (TopicAdmin admin = new TopicAdmin(settings)) {
            admin.createMissing(TopicPlan.small(1));
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void losesNothingAcknowledgedWhenTheBrokerStopsMidWay() throws Exception {
        try (TestingCollector collector = new TestingCollector(settings, LIMITS)) {
            TestingClient client = collector.client();
            AtomicBoolean stopped = new AtomicBoolean();
            List<CompletableFuture<Tally>> callers = IntStream.range(0, 3)
                    .mapToObj(caller -> CompletableFuture.supplyAsync(() -> callUntil(stopped, client, caller)))
                    .toList();
            await("some acknowledgements", () -> collector.accepted("feedback") >= 2_000);
            broker.close();
            await("a refusal", () -> collector.rejected("feedback", "unavailable") >= 3);
            startBroker();
            double before = collector.accepted("feedback");
            await("acknowledgements after the outage", () -> collector.accepted("feedback") >= before + 2_000);
            stopped.set(true);
            Tally all = new Tally(new HashSet<>(), new HashSet<>());
            callers.forEach(caller -> all.add(caller.join()));
            assertThat(all.refused()).isNotEmpty();
            assertThat(readIds(all.acknowledged())).containsAll(all.acknowledged());
            assertThat(collector.inFlight()).isZero();
        }
    }

    @Test
    void ridesOutABrokerThatIsBackInTime() throws Exception {
        CollectorLimits patient = limits(256, READ_TIMEOUT, Duration.ofSeconds(120));
        try (TestingCollector collector = new TestingCollector(settings, patient)) {
            TestingClient client = collector.client();
            String body = "{\"request_id\":\"r\",\"kind\":\"click\"}";
            assertThat(client.post(FEEDBACK, JSON, body).status()).isEqualTo(202);
            broker.close();
            List<CompletableFuture<Answer>> calls = IntStream.range(0, 100)
                    .mapToObj(i -> client.postAsync(FEEDBACK, JSON, body))
                    .toList();
            await("all requests", () -> collector.inFlight() == 100);
            startBroker();
            assertThat(calls).map(call -> call.join().status()).containsOnly(202);
            assertThat(readIds(calls.stream()
                            .flatMap(call -> call.join().ids().stream())
                            .collect(Collectors.toSet())))
                    .hasSize(101);
        }
    }

    @Test
    void asksCallersToWaitWhenTooManyAreWaiting() {
        // All are there before the first is given up.
        CollectorLimits waiting = limits(4, READ_TIMEOUT, Duration.ofSeconds(6));
        try (TestingCollector collector = new TestingCollector(settings, waiting)) {
            TestingClient client = collector.client();
            String body = "{\"id\":\"x\",\"request_id\":\"r\",\"kind\":\"click\"}";
            assertThat(client.post(FEEDBACK, JSON, body).status()).isEqualTo(202);
            broker.close();
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(client.postAsync(FEEDBACK, JSON, body));
            }
            List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
            assertThat(answers).extracting(Answer::status).containsOnly(429, 503);
            assertThat(answers).filteredOn(answer -> answer.status() == 503).hasSize(4);
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.response().headers().firstValue("retry-after"))
                        .contains("1");
                assertThat(answer.body().path("error").asText()).isNotEmpty();
            });
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 503)
                    .allSatisfy(answer -> assertThat(answer.ids()).containsExactly("x"));
            assertThat(collector.rejected("feedback", "busy")).isEqualTo(8);
        }
    }

    @Test
    void startsWithoutKafkaAndTakesRecordsOnceItIsThere() throws Exception {
        broker.close();
        try (TestingCollector collector = new TestingCollector(settings, LIMITS)) {
            TestingClient client = collector.client();
            String body = "{\"request_id\":\"r\",\"kind\":\"click\"}";
            assertThat(client.post(FEEDBACK, JSON, body).status()).isEqualTo(503);
            startBroker();
            await("an acknowledgement", () -> client.post(FEEDBACK, JSON, body).status() == 202);
        }
    }

    @Test
    void refusesACallerWhoDoesNotFinish() throws Exception {
        CollectorLimits hasty = limits(4, Duration.ofSeconds(1), ACK_TIMEOUT);
        try (TestingCollector collector = new TestingCollector(settings, hasty);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
            socket.setSoTimeout(60_000);
            String head = "POST /v1/feedback HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
                    + "content-length: 100\r\n\r\n{\"id\":";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(status).startsWith("HTTP/1.1 408");
            assertThat(collector.rejected("feedback", "slow")).isEqualTo(1);
            await("the room given back", () -> collector.inFlight() == 0);
        }
    }

    private static CollectorLimits limits(int inFlight, Duration read, Duration acknowledgement) {
        return new CollectorLimits(4 << 20, inFlight, 128L << 20, read, acknowledgement, Duration.ofDays(1), null);
    }

    private record Tally(Set<String> acknowledged, Set<String> refused) {
        void add(Tally other) {
            acknowledged.addAll(other.acknowledged);
            refused.addAll(other.refused);
        }
    }

    private static Tally callUntil(AtomicBoolean stopped, TestingClient client, int caller) {
        Tally tally = new Tally(new HashSet<>(), new HashSet<>());
        for (int request = 0; !stopped.get(); request++) {
            String prefix = caller + "-" + request + "-";
            String body = IntStream.range(0, 20)
                    .mapToObj(i -> "{\"id\":\"" + prefix + i + "\",\"request_id\":\"r\",\"kind\":\"click\"}")
                    .collect(Collectors.joining("\n"));
            Answer answer = client.post(FEEDBACK, NDJSON, body);
            assertThat(answer.status()).isIn(202, 503);
            (answer.status() == 202 ? tally.acknowledged() : tally.refused()).addAll(answer.ids());
        }
        return tally;
    }

    private Set<String> readIds(Set<String> awaited) {
        Codec<Feedback> codec = Codec.of(Feedback.class);
        Set<String> read = new HashSet<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(settings.name(Topic.FEEDBACK), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await("the acknowledged feedback", () -> {
                consumer.poll(Duration.ofMillis(50))
                        .forEach(record -> read.add(codec.decode(record.value()).getId()));
                return read.containsAll(awaited);
            });
        }
        return read;
    }

    private void startBroker() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("log"), port, controllerPort);
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("still waiting for " + what).isLessThan(end);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
