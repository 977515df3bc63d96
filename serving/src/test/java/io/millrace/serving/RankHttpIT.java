package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Decision;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankHttpIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final PipelineSpec SPEC = TestingSpecs.movies();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static TestingKafka kafka;
    private static TestingTrainer trainer;
    private static TestingServing serving;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        kafka = TestingKafka.start(1);
        trainer = new TestingTrainer(SPEC, "topic", 1);
        trainer.learn(50);
        serving = new TestingServing(SPEC, kafka.settings(), store());
        assertThat(serving.get("/health").statusCode()).isEqualTo(200);
        assertThat(serving.get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(serving.get("/v1/model").body()).get("version").isNull())
                .isTrue();
        JsonNode unlearned = JSON.readTree(
                serving.post("/v1/rank", request("before-the-model")).body());
        assertThat(unlearned.get("model").isNull()).isTrue();
        try (Producer<byte[], byte[]> producer = kafka.producer()) {
            Manifest manifest = trainer.base(20, store(), System.currentTimeMillis() * 1000);
            producer.send(new ProducerRecord<>(
                    Topic.MODEL_MANIFESTS.text(),
                    SPEC.pipeline().getBytes(StandardCharsets.UTF_8),
                    Codec.of(Manifest.class).encode(manifest)));
        }
        TestingServing.await("a model", SOON, () -> serving.app().isReady());
    }

    @AfterAll
    static void stop() {
        serving.close();
        kafka.close();
    }

    private static SnapshotStore store() {
        return SnapshotStore.of(directory.toUri());
    }

    private static String request(String id) {
        return "{\"request_id\":\"" + id + "\",\"subject\":\"u7\",\"context\":{\"hour\":8},\"candidates\":["
                + "{\"item\":\"m1\",\"genres\":[\"Drama\"],\"age_days\":3.5},{\"item\":\"m2\"},{\"item\":\"m3\"}]}";
    }

    private static void assertThatRefuses(HttpResponse<String> response, int status, String name, String expected)
            throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/json; charset=utf-8");
        JsonNode body = JSON.readTree(response.body());
        assertThat(body.get("error").asText()).isNotEmpty().doesNotContain("\tat ", "Exception");
        JsonNode problem = body.get("problems").get(0);
        assertThat(problem.get("name").asText()).isEqualTo(name);
        assertThat(problem.get("value").asText()).isNotEmpty();
        assertThat(problem.get("expected").asText()).contains(expected);
    }

    @Test
    void ranksWithTheModelAndLogsTheDecision() throws IOException, InterruptedException {
        HttpResponse<String> response = serving.post("/v1/rank", request("r-1"));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.get("request_id").asText()).isEqualTo("r-1");
        assertThat(answer.at("/model/lineage").asText()).isEqualTo(trainer.lineage());
        assertThat(answer.at("/model/version/0").asLong()).isEqualTo(20);
        assertThat(answer.get("slate")).hasSize(2);
        assertThat(answer.at("/slate/1/slot").asInt()).isEqualTo(1);
        assertThat(answer.at("/slate/0/propensity").asDouble()).isGreaterThan(0).isLessThanOrEqualTo(1);

        String id = answer.get("decision_id").asText();
        Codec<Decision> codec = Codec.of(Decision.class);
        Optional<Decision> logged = kafka
                .read(
                        Topic.DECISIONS,
                        SOON,
                        records -> records.stream()
                                .anyMatch(record -> id.equals(new String(record.key(), StandardCharsets.UTF_8))))
                .stream()
                .map(record -> codec.decode(record.value()))
                .filter(decision -> decision.getId().equals(id))
                .findFirst();
        assertThat(logged).isPresent();
        assertThat(logged.get().getArm()).isEqualTo(answer.get("arm").asText());
        assertThat(logged.get().getSlate().get(0).getItem())
                .isEqualTo(answer.at("/slate/0/item").asText());
        assertThat(logged.get().getSlate().get(0).getPropensity())
                .isEqualTo(answer.at("/slate/0/propensity").asDouble());
    }

    @Test
    void aRetryGetsTheFirstAnswerEvenFromAServerThatWasStartedLater() throws IOException, InterruptedException {
        String first = serving.post("/v1/rank", request("retried")).body();
        assertThat(serving.post("/v1/rank", request("retried")).body()).isEqualTo(first);
        kafka.read(
                Topic.DECISIONS,
                SOON,
                records -> records.stream()
                        .anyMatch(record -> "retried"
                                .equals(Codec.of(Decision.class)
                                        .decode(record.value())
                                        .getRequestId())));
        try (TestingServing later = new TestingServing(SPEC, kafka.settings(), store())) {
            assertThat(later.post("/v1/rank", request("retried")).body()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'subject':'u'} | candidates | a list of 1 to 1000 objects",
                "{'subject':'u','candidates':[{'item':'a','color':'red'}]} | candidates[0].color | item, genres",
                "{'subject':'u','candidates':[{'item':'a','age_days':'old'}]} | candidates[0].age_days | a finite number",
                "{'subject':'u','candidates':[{'item':'a','age_days':NaN}]} | candidates[0].age_days | a finite number",
                "{'subject':'u','candidates':[{'item':'a','age_days':1e999}]} | candidates[0].age_days | a finite number",
                "{'subject':'u','candidates':[{'item':'a'},{'item':'a'}]} | candidates[1].item | no other candidate",
                "{'subject':7,'candidates':[{'item':'a'}]} | subject | a string",
                "{'subject':'u','candidates':[{'item':'a'}], | body | a JSON object",
                "[1] | body | a JSON object",
            })
    void refusesABadRequestNamingFieldValueAndExpectation(String body, String name, String expected)
            throws IOException, InterruptedException {
        assertThatRefuses(serving.post("/v1/rank", body.replace('\'', '"')), 400, name, expected);
    }

    @Test
    void refusesTenThousandCandidates() throws IOException, InterruptedException {
        String many = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"item\":\"" + i + "\"}")
                .collect(Collectors.joining(",", "{\"subject\":\"u\",\"candidates\":[", "]}"));
        HttpResponse<String> response = serving.post("/v1/rank", many);
        assertThatRefuses(response, 400, "candidates", "a list of 1 to 1000 objects");
        assertThat(response.body()).contains("a list of 10000");
    }

    @Test
    void refusesABodyOverTheLimitWithOrWithoutItsLengthTold() throws IOException, InterruptedException {
        String large = "{\"subject\":\"" + "x".repeat(5 << 20) + "\"}";
        assertThatRefuses(serving.post("/v1/rank", large), 413, "body", "at most 2097152 bytes");
        HttpResponse<String> chunked = serving.send(serving.request("/v1/rank")
                .header("content-type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(large))));
        assertThatRefuses(chunked, 413, "body", "at most 2097152 bytes");
    }

    @Test
    void refusesABodyOverTheLimitOverHttp2() throws IOException {
        AggregatedHttpResponse response = WebClient.of(
                        "h2c://127.0.0.1:" + serving.server().activeLocalPort())
                .prepare()
                .post("/v1/rank")
                .content(MediaType.JSON, "{\"subject\":\"" + "x".repeat(5 << 20) + "\"}")
                .execute()
                .aggregate()
                .join();
        assertThat(response.status().code()).isEqualTo(413);
        assertThat(JSON.readTree(response.contentUtf8()).at("/problems/0/name").asText())
                .isEqualTo("body");
    }

    @Test
    void refusesUnknownPathsWrongMethodsAndOtherTypes() throws IOException, InterruptedException {
        assertThatRefuses(serving.get("/v1/nothing"), 404, "path", "/v1/openapi.json");
        assertThatRefuses(serving.get("/v1/rank"), 405, "method", "/v1/openapi.json");
        assertThat(serving.get("/v1/rank").headers().firstValue("allow")).contains("POST");
        assertThatRefuses(serving.post("/v1/model", "{}"), 405, "method", "/v1/openapi.json");
        assertThatRefuses(serving.post("/v1/rank", "text/plain", "{}"), 415, "content-type", "application/json");
        assertThatRefuses(
                serving.post("/v1/rank", "application/json; charset=latin1", "{}"),
                415,
                "content-type",
                "application/json");
        assertThatRefuses(
                serving.send(serving.request("/v1/rank").POST(BodyPublishers.ofString("{}"))),
                415,
                "content-type",
                "application/json");
    }

    @Test
    void tellsWhichModelItServes() throws IOException, InterruptedException {
        JsonNode model = JSON.readTree(serving.get("/v1/model").body());
        assertThat(model.get("pipeline").asText()).isEqualTo("movies");
        assertThat(model.get("lineage").asText()).isEqualTo(trainer.lineage());
        assertThat(model.at("/version/0").asLong()).isEqualTo(20);
        assertThat(model.get("digest").asText()).isEqualTo(trainer.digest(20));
        assertThat(model.get("parameters").asInt()).isEqualTo(4096);
        assertThat(model.get("nonzero").asInt()).isPositive();
        assertThat(model.get("examples").asLong()).isEqualTo(20);
        assertThat(model.get("published_at").asText()).endsWith("Z");
        assertThat(model.get("applied_at").asText()).endsWith("Z");
        assertThat(model.at("/arms/control").asDouble()).isEqualTo(0.1);
        assertThat(model.at("/feature_set/features")).hasSize(SPEC.featureSet().size());
        assertThat(serving.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void describesEveryRouteItHasAndNoOther() throws IOException, InterruptedException {
        JsonNode paths = JSON.readTree(serving.get("/v1/openapi.json").body()).get("paths");
        Set<String> described = new TreeSet<>();
        paths.properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation ->
                                !operation.getValue().at("/tags/0").asText().equals("ingestion"))
                        .forEach(operation ->
                                described.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> mounted = new TreeSet<>();
        for (ServiceConfig config : serving.server().serviceConfigs()) {
            config.route()
                    .methods()
                    .forEach(method -> mounted.add(method + " " + config.route().patternString()));
        }
        assertThat(mounted).isEqualTo(described).hasSize(6);
    }

    @Test
    void countsForPrometheus() throws IOException, InterruptedException {
        serving.post("/v1/rank", request("counted"));
        assertThat(serving.get("/metrics").body())
                .contains("millrace_rank_seconds_bucket{le=")
                .contains("millrace_rank_decisions_total{arm=\"learned\"}")
                .contains("millrace_rank_log_failures_total{topic=\"decisions\"} 0.0")
                .contains("millrace_rank_retries_total")
                .contains("millrace_model_version_offset 20.0")
                .contains("millrace_model_deltas_applied_total")
                .contains("millrace_model_gaps_total")
                .contains("millrace_dead_letters_total{component=\"serving\"}");
    }

    @Test
    void doesNotStartWithASecretThatIsTooShort() {
        assertThatThrownBy(() -> ServingApp.start(
                        SPEC,
                        kafka.settings(),
                        store(),
                        new byte[3],
                        Clock.systemUTC(),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
                .hasMessage("secret: 3 bytes (expected: at least 16)");
    }

    @Test
    void decidesNothingUntilItHasWhatWasPublishedBeforeAndThenGoesOnWithoutKafka()
            throws IOException, InterruptedException {
        TestingKafka fleeting = TestingKafka.start(1);
        TestingTrainer published = new TestingTrainer(SPEC, "topic", 1);
        int newest = 2_000;
        published.learn(newest);
        byte[] key = SPEC.pipeline().getBytes(StandardCharsets.UTF_8);
        Manifest manifest = published.base(20, store(), System.currentTimeMillis() * 1000);
        try (Producer<byte[], byte[]> producer = fleeting.producer()) {
            producer.send(new ProducerRecord<>(
                    Topic.MODEL_MANIFESTS.text(), key, Codec.of(Manifest.class).encode(manifest)));
            Codec<Delta> deltas = Codec.of(Delta.class);
            for (int version = 20; version < newest; version++) {
                Delta delta = published.delta(version, version + 1);
                producer.send(new ProducerRecord<>(Topic.MODEL_UPDATES.text(), key, deltas.encode(delta)));
            }
        }
        TestingStore slow = new TestingStore(store());
        try (TestingServing starting = new TestingServing(SPEC, fleeting.settings(), slow)) {
            HttpResponse<String> early = starting.post("/v1/rank", request("early"));
            assertThatRefuses(early, 503, "model", "published before this process started; it is being read");
            assertThat(early.headers().firstValue("retry-after")).contains("1");
            assertThat(starting.get("/metrics").body()).contains("millrace_rank_unready_total 1.0");

            slow.release();
            HttpResponse<String> answer = early;
            for (int i = 0; answer.statusCode() == 503; i++) {
                answer = starting.post("/v1/rank", request("soon-" + i));
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).at("/model/version/0").asLong())
                    .isEqualTo(newest);
            assertThat(starting.app().isReady()).isTrue();

            fleeting.close();
            for (int i = 0; i < 20; i++) {
                assertThat(starting.post("/v1/rank", request("away-" + i)).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void answersWhileKafkaIsAway() throws IOException, InterruptedException {
        TestingKafka fleeting = TestingKafka.start(1);
        try (TestingServing alone = new TestingServing(SPEC, fleeting.settings(), store())) {
            fleeting.close();
            for (int i = 0; i < 20; i++) {
                assertThat(alone.post("/v1/rank", request("away-" + i)).statusCode())
                        .isEqualTo(200);
            }
            assertThat(alone.get("/health").statusCode()).isEqualTo(200);
        }
    }
}
