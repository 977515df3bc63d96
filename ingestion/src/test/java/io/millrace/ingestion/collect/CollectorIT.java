package io.millrace.ingestion.collect;

import static io.millrace.ingestion.collect.TestingClient.JSON;
import static io.millrace.ingestion.collect.TestingClient.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingestion.collect.TestingClient.Answer;
import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.record.Item;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CollectorIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String FEEDBACK = "/v1/feedback";
    private static final String EVENTS = "/v1/events";
    private static final Codec<Feedback> FEEDBACK_CODEC = Codec.of(Feedback.class);

    private static TestingKafka kafka;
    private static TestingCollector collector;
    private static TestingClient client;

    @BeforeAll
    static void start() throws Exception {
        kafka = TestingKafka.start(1);
        collector = new TestingCollector(kafka.settings(), CollectorLimits.DEFAULT);
        client = collector.client();
    }

    @AfterAll
    static void stop() {
        collector.close();
        kafka.close();
    }

    @Test
    void hasWrittenASingleFeedbackWhenItAnswers() {
        Answer answer = client.post(
                FEEDBACK, JSON, "{\"id\":\"single\",\"decision_id\":\"d-1\",\"kind\":\"rating\",\"final\":true}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.response().body()).isEqualTo("{\"accepted\":1,\"ids\":[\"single\"]}");
        ConsumerRecord<byte[], byte[]> written =
                written(Topic.FEEDBACK, Set.of("single")).get(0);
        assertThat(new String(written.key(), StandardCharsets.UTF_8)).isEqualTo("d-1");
    }

    @Test
    void acceptsArraysAndLinesInTheirOrder() {
        String[] objects = IntStream.range(0, 100)
                .mapToObj(i -> "{\"id\":\"order-%d\",\"request_id\":\"r\",\"kind\":\"click\"}".formatted(i))
                .toArray(String[]::new);
        List<String> ids = IntStream.range(0, 100).mapToObj(i -> "order-" + i).toList();
        Answer array = client.post(FEEDBACK, JSON, "[" + String.join(",", objects) + "]");
        assertThat(array.body().path("accepted").asInt()).isEqualTo(100);
        assertThat(array.ids()).isEqualTo(ids);
        Answer lines = client.post(FEEDBACK, NDJSON + "; charset=UTF-8", String.join("\r\n", objects) + "\n");
        assertThat(lines.ids()).isEqualTo(ids);
        List<String> written =
                kafka
                        .read(
                                Topic.FEEDBACK,
                                TIMEOUT,
                                read -> feedbackIds(read, "order-").size() == 200)
                        .stream()
                        .map(CollectorIT::feedbackId)
                        .filter(id -> id.startsWith("order-"))
                        .toList();
        assertThat(written.subList(0, 100)).isEqualTo(ids);
        assertThat(written.subList(100, 200)).isEqualTo(ids);
    }

    @Test
    void takesEventsAndItems() {
        assertThat(client.post(EVENTS, JSON, "{\"id\":\"e-1\",\"kind\":\"view\",\"entities\":{\"user\":\"u1\"}}")
                        .status())
                .isEqualTo(202);
        assertThat(client.post("/v1/items", NDJSON, "{\"id\":\"m1\",\"values\":{\"year\":1999}}")
                        .status())
                .isEqualTo(202);
        ConsumerRecord<byte[], byte[]> event =
                kafka.read(Topic.EVENTS, TIMEOUT, read -> !read.isEmpty()).get(0);
        assertThat(Codec.of(Event.class).decode(event.value()).getId()).isEqualTo("e-1");
        ConsumerRecord<byte[], byte[]> item =
                kafka.read(Topic.ITEMS, TIMEOUT, read -> !read.isEmpty()).get(0);
        assertThat(new String(item.key(), StandardCharsets.UTF_8)).isEqualTo("m1");
        assertThat(Codec.of(Item.class).decode(item.value()).getValues()).containsEntry("year", 1999.0);
    }

    @Test
    void writesNothingOfARequestWithAnInvalidLine() {
        String lines = """
                {"id":"none-1","request_id":"r","kind":"click"}
                {"id":"none-2","request_id":"r","kind":"click","value":"high"}

                {"id":"none-3","kind":"click"}
                """;
        Answer answer = client.post(FEEDBACK, NDJSON, lines);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("error").asText()).isEqualTo("2 problems in the request; nothing was written");
        assertThat(answer.problems())
                .containsExactly(
                        "line 2.value: \"high\" (expected: a finite number)",
                        "line 4.decision_id: missing (expected: decision_id or request_id)");
        client.post(FEEDBACK, JSON, "{\"id\":\"after-none\",\"request_id\":\"r\",\"kind\":\"click\"}");
        assertThat(kafka.read(
                        Topic.FEEDBACK,
                        TIMEOUT,
                        read -> feedbackIds(read, "after-none").size() == 1))
                .extracting(CollectorIT::feedbackId)
                .noneMatch(id -> id.startsWith("none-"));
    }

    @Test
    void refusesWhatItCannotReadWithABodyThatSaysWhy() {
        assertRefused(client.post(FEEDBACK, JSON, "{\"kind\""), 400, "body: broken JSON");
        assertRefused(client.post(FEEDBACK, JSON, ""), 400, "body: empty (expected: at least one JSON object)");
        assertRefused(client.post(FEEDBACK, "text/plain", "{}"), 415, "content-type: text/plain (expected: ");
        assertRefused(
                client.send(FEEDBACK, HttpRequest.newBuilder().POST(BodyPublishers.ofString("{}"))),
                415,
                "content-type: missing (expected: ");
        assertRefused(
                client.send(
                        FEEDBACK,
                        HttpRequest.newBuilder()
                                .header("content-type", JSON)
                                .header("content-encoding", "gzip")
                                .POST(BodyPublishers.ofString("{}"))),
                415,
                "content-encoding: gzip (expected: none)");
        Answer get = client.get(FEEDBACK);
        assertRefused(get, 405, "method: GET (expected: POST)");
        assertThat(get.response().headers().firstValue("allow")).contains("POST");
        assertThat(client.get("/v1/none").status()).isEqualTo(404);
        assertThat(collector.rejected("feedback", "media_type")).isGreaterThanOrEqualTo(3);
        assertThat(collector.rejected("feedback", "method")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void refusesARecordThatKafkaWouldRefuse() {
        String big = "x".repeat(1_100_000);
        Answer answer = client.post(EVENTS, NDJSON, "{\"kind\":\"k\",\"values\":{\"a\":\"" + big + "\"}}");
        assertRefused(answer, 400, "line 1.record: 11000");
    }

    @Test
    void refusesABodyOfFiveMegabytesAnnouncedOrNot() {
        byte[] body = "{\"id\":\"large\",\"request_id\":\"r\",\"kind\":\"click\"}\n"
                .repeat(110_000)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(body.length).isGreaterThan(5_000_000);
        HttpRequest.BodyPublisher announced = BodyPublishers.ofByteArray(body);
        HttpRequest.BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        for (HttpRequest.BodyPublisher publisher : List.of(announced, chunked)) {
            Answer answer = client.send(
                    FEEDBACK,
                    HttpRequest.newBuilder()
                            .header("content-type", NDJSON)
                            .expectContinue(publisher == announced)
                            .POST(publisher));
            assertRefused(answer, 413, "body: ");
            assertThat(answer.problems().get(0)).endsWith("(expected: at most 4194304 bytes)");
        }
        assertThat(client.post(FEEDBACK, JSON, "{\"request_id\":\"r\",\"kind\":\"click\"}")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void losesNothingWhenManyCallAtOnce() {
        int threads = 16;
        int requests = 50;
        int lines = 20;
        double before = collector.accepted("feedback");
        List<CompletableFuture<Set<String>>> callers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            callers.add(CompletableFuture.supplyAsync(() -> {
                Set<String> ids = new HashSet<>();
                for (int r = 0; r < requests; r++) {
                    String prefix = "many-" + thread + "-" + r + "-";
                    String body = IntStream.range(0, lines)
                            .mapToObj(i -> "{\"id\":\"" + prefix + i + "\",\"request_id\":\"q\",\"kind\":\"click\"}")
                            .collect(Collectors.joining("\n"));
                    Answer answer = client.post(FEEDBACK, NDJSON, body);
                    assertThat(answer.status()).isEqualTo(202);
                    ids.addAll(answer.ids());
                }
                return ids;
            }));
        }
        Set<String> acknowledged = new HashSet<>();
        callers.forEach(caller -> acknowledged.addAll(caller.join()));
        assertThat(acknowledged).hasSize(threads * requests * lines);
        assertThat(written(Topic.FEEDBACK, acknowledged)).hasSize(acknowledged.size());
        assertThat(collector.accepted("feedback") - before).isGreaterThanOrEqualTo(acknowledged.size());
        assertThat(collector.acknowledgements("feedback")).isGreaterThanOrEqualTo(threads * requests);
    }

    private static void assertRefused(Answer answer, int status, String problem) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.response().headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        assertThat(answer.body().path("error").asText()).isNotEmpty();
        assertThat(answer.problems()).first().asString().startsWith(problem);
    }

    private static List<ConsumerRecord<byte[], byte[]>> written(Topic topic, Set<String> ids) {
        return kafka.read(topic, TIMEOUT, read -> read.size() >= ids.size() && has(read, ids)).stream()
                .filter(record -> ids.contains(feedbackId(record)))
                .toList();
    }

    private static boolean has(List<ConsumerRecord<byte[], byte[]>> read, Set<String> ids) {
        return read.stream().map(CollectorIT::feedbackId).filter(ids::contains).count() >= ids.size();
    }

    private static List<String> feedbackIds(List<ConsumerRecord<byte[], byte[]>> read, String prefix) {
        return read.stream()
                .map(CollectorIT::feedbackId)
                .filter(id -> id.startsWith(prefix))
                .toList();
    }

    private static String feedbackId(ConsumerRecord<byte[], byte[]> record) {
        return FEEDBACK_CODEC.decode(record.value()).getId();
    }
}
