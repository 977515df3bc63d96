package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A user's application: it asks for decisions and tells what came of them. Safe for use by several threads. */
final class TestingApplication {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;

    TestingApplication(URI server) {
        this.server = server;
    }

    JsonNode rank(String body) {
        return json(expect(200, send("POST", "/v1/rank", body)));
    }

    /** Tells a piece of feedback, which must be accepted. */
    void tell(String body) {
        JsonNode answer = json(expect(202, send("POST", "/v1/feedback", body)));
        assertThat(answer.path("accepted").asInt()).isEqualTo(1);
    }

    /** Tells an event, which must be accepted. */
    void tellEvent(String body) {
        expect(202, send("POST", "/v1/events", body));
    }

    JsonNode model() {
        return json(expect(200, send("GET", "/v1/model", "")));
    }

    long version() {
        return model().path("version").path(0).asLong();
    }

    JsonNode openApi() {
        return json(expect(200, send("GET", "/v1/openapi.json", "")));
    }

    /** One figure of the metrics page, named with its tags. */
    double metric(String name) {
        return expect(200, send("GET", "/metrics", ""))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + ": missing (expected: a metric)"));
    }

    HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> expect(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response;
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }
}
