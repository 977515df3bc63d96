package io.millrace.ingestion.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A caller of the collector. Safe for use by several threads. */
final class TestingClient {
    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    TestingClient(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** What was answered. */
    record Answer(int status, HttpResponse<String> response) {
        JsonNode body() {
            try {
                return MAPPER.readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError(response.body(), e);
            }
        }

        List<String> ids() {
            List<String> ids = new ArrayList<>();
            body().path("ids").forEach(id -> ids.add(id.asText()));
            return ids;
        }

        /** The problems as {@code name: value (expected: ...)}. */
        List<String> problems() {
            List<String> problems = new ArrayList<>();
            body().path("problems")
                    .forEach(problem -> problems.add(problem.path("name").asText() + ": "
                            + problem.path("value").asText() + " (expected: "
                            + problem.path("expected").asText() + ")"));
            return problems;
        }
    }

    Answer post(String path, String type, String body) {
        return postAsync(path, type, body).join();
    }

    CompletableFuture<Answer> postAsync(String path, String type, String body) {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .header("content-type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(URI.create(base + path)).GET().build())
                .join();
    }

    /** A request built by the caller, for the given path. */
    Answer send(String path, HttpRequest.Builder request) {
        return send(request.uri(URI.create(base + path)).build()).join();
    }

    private CompletableFuture<Answer> send(HttpRequest request) {
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response));
    }
}
