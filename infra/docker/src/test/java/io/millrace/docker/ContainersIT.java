package io.millrace.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The loop of {@code compose.yaml}: every part in a container of its own, met over HTTP only. */
class ContainersIT {
    private static final String TOKEN = "a-token-that-only-tests-know";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DECISIONS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static ComposedLoop loop;

    @BeforeAll
    static void start() throws Exception {
        Engine.isNeeded();
        loop = new ComposedLoop(ComposeFile.read(
                Path.of("compose.yaml"), Map.of("MILLRACE_TOKEN", TOKEN, "MILLRACE_SECRET", "5e".repeat(32))));
        loop.startUntilLogged("kafka", ".*Transitioning from RECOVERY to RUNNING.*");
        loop.run("topics");
        loop.start("jobmanager", 8081, "/overview", 9249);
        loop.startUntilLogged("taskmanager", ".*Successful registration at resource manager.*", 9249);
        loop.run("submit-join");
        loop.run("submit-learn");
        loop.start("collector", 8080, "/health");
        loop.start("serving-1", 8080, "/health");
        loop.start("serving-2", 8080, "/health");
    }

    @AfterAll
    static void stop() {
        if (loop != null) {
            loop.close();
        }
    }

    @Test
    void feedbackInOneContainerChangesTheDecisionsOfOthers() throws Exception {
        await(
                "both jobs",
                () -> get(loop.address("jobmanager", 8081), "/jobs/overview").findValuesAsText("state").stream()
                                .filter("RUNNING"::equals)
                                .count()
                        == 2);
        double before = score(rank("serving-1", "before-it-learned"), "liked");
        for (int i = 0; i < DECISIONS; i++) {
            String request = "decision-" + i;
            JsonNode slate =
                    rank(i % 2 == 0 ? "serving-1" : "serving-2", request).path("slate");
            for (int slot = 0; slot < slate.size(); slot++) {
                String kind = slate.path(slot).path("item").asText().equals("liked") ? "like" : "dismiss";
                tell(request, slot, kind);
            }
        }
        for (String serving : new String[] {"serving-1", "serving-2"}) {
            await("a version on " + serving, () -> version(serving) > 0);
            await(
                    "what was told, learned on " + serving,
                    () -> score(rank(serving, "watching-" + UUID.randomUUID()), "liked") > before);
            JsonNode after = rank(serving, "learned-on-" + serving);
            assertThat(score(after, "liked")).isGreaterThan(score(after, "disliked"));
        }
    }

    @Test
    void callersWithoutTheTokenAreTurnedAwayButMetricsAreOpen() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(loop.address("serving-1", 8080) + "/v1/model"));
        assertThat(HTTP.send(request.build(), BodyHandlers.discarding()).statusCode())
                .isEqualTo(401);
        for (String part : new String[] {"serving-1", "collector"}) {
            HttpRequest metrics = HttpRequest.newBuilder(URI.create(loop.address(part, 8080) + "/metrics"))
                    .build();
            assertThat(HTTP.send(metrics, BodyHandlers.ofString()).body()).contains("# TYPE millrace_");
        }
    }

    @Test
    void theDashboardShowsMetricsThatAreThere() throws Exception {
        rank("serving-1", "for-the-dashboard");
        Set<String> named = Pattern.compile("(?:millrace|flink)_\\w+")
                .matcher(Files.readString(Path.of("../grafana/millrace.json")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        await("all of " + named, () -> there().containsAll(named));
    }

    /** The names of all metrics that the parts have by now; those of jobs come when they run. */
    private static Set<String> there() throws Exception {
        Set<String> there = new TreeSet<>();
        for (String address : List.of(
                loop.address("serving-1", 8080),
                loop.address("collector", 8080),
                loop.address("jobmanager", 9249),
                loop.address("taskmanager", 9249))) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address + "/metrics")).build();
            HTTP.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .forEach(line -> there.add(line.split("[{ ]")[0]));
        }
        return there;
    }

    private static JsonNode rank(String serving, String request) throws Exception {
        return send(200, loop.address(serving, 8080) + "/v1/rank", """
                {"request_id": "%s", "subject": "u1", "context": {"hour": 8}, "candidates": [
                  {"item": "liked", "genres": ["Drama"]}, {"item": "disliked", "genres": ["Comedy"]}]}
                """.formatted(request));
    }

    private static void tell(String request, int slot, String kind) throws Exception {
        send(202, loop.address("collector", 8080) + "/v1/feedback", """
                {"id": "%1$s/%2$d", "request_id": "%1$s", "slot": %2$d, "kind": "%3$s"}
                """.formatted(request, slot, kind));
    }

    private static double score(JsonNode ranked, String item) {
        for (JsonNode slot : ranked.path("slate")) {
            if (slot.path("item").asText().equals(item)) {
                return slot.path("score").asDouble();
            }
        }
        throw new AssertionError(item + ": not shown in " + ranked);
    }

    private static long version(String serving) throws Exception {
        return send(200, loop.address(serving, 8080) + "/v1/model", "")
                .path("version")
                .path(0)
                .asLong(-1);
    }

    private static JsonNode get(String server, String path) throws Exception {
        return send(200, server + path, "");
    }

    private static JsonNode send(int status, String uri, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .header("authorization", "Bearer " + TOKEN)
                .header("content-type", "application/json")
                .method(body.isEmpty() ? "GET" : "POST", BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what + " within " + PATIENCE).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }
}
