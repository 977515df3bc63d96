package io.millrace.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Asks and reacts over HTTP, as any application would. A request that is not answered, or answered with a 429 or a 5xx, is
 * sent again under the same id for a while; the loop knows repeats by their ids. Safe for use by several threads.
 */
final class LoopClient implements AutoCloseable {
    private static final int TRIES = 20;
    private static final long PAUSE_MS = 250;
    private static final MediaType NDJSON = MediaType.parse("application/x-ndjson");

    private final ObjectMapper json = new ObjectMapper();
    private final ClientFactory factory = ClientFactory.builder().build();
    private final WebClient client;

    /** What a rank request was answered. */
    record Ranked(String decisionId, String arm, long version, List<String> items) {}

    LoopClient(URI server) {
        this.client = WebClient.builder(server)
                .factory(factory)
                .responseTimeout(Duration.ofSeconds(20))
                .build();
    }

    CompletableFuture<Ranked> rank(Request request) {
        ObjectNode body = json.createObjectNode();
        body.put("request_id", request.id());
        body.put("subject", request.subject());
        body.put("time", request.timeMicros());
        body.put("slots", request.slots());
        body.set("context", json.valueToTree(request.context()));
        body.set("candidates", json.valueToTree(request.candidates()));
        return post("/v1/rank", MediaType.JSON, text(body), TRIES).thenApply(this::ranked);
    }

    /** Completes when all of them are acknowledged. */
    CompletableFuture<Void> feedback(List<Reaction> reactions) {
        StringBuilder lines = new StringBuilder();
        for (Reaction reaction : reactions) {
            ObjectNode line = json.createObjectNode();
            line.put("id", reaction.id());
            line.put("request_id", reaction.requestId());
            line.put("slot", reaction.slot());
            line.put("kind", reaction.kind());
            line.put("value", reaction.value());
            line.put("final", reaction.last());
            line.put("time", reaction.timeMicros());
            lines.append(text(line)).append('\n');
        }
        return post("/v1/feedback", NDJSON, lines.toString(), TRIES).thenAccept(answer -> {});
    }

    private Ranked ranked(JsonNode answer) {
        List<String> items = new ArrayList<>();
        answer.path("slate").forEach(slot -> items.add(slot.path("item").asText()));
        JsonNode version = answer.path("model").path("version");
        return new Ranked(
                answer.path("decision_id").asText(),
                answer.path("arm").asText(),
                version.path(0).asLong(0),
                items);
    }

    private CompletableFuture<JsonNode> post(String path, MediaType type, String body, int tries) {
        return client.prepare()
                .post(path)
                .content(type, body)
                .execute()
                .aggregate()
                .handle((response, failure) -> {
                    if (failure == null && response.status().isSuccess()) {
                        return CompletableFuture.completedFuture(tree(response));
                    }
                    if (tries > 1 && (failure != null || isPassing(response.status()))) {
                        Executor later = CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS);
                        return CompletableFuture.supplyAsync(() -> post(path, type, body, tries - 1), later)
                                .thenCompose(answer -> answer);
                    }
                    return CompletableFuture.<JsonNode>failedFuture(
                            failure != null ? failure : new IllegalStateException(refusal(path, response)));
                })
                .thenCompose(answer -> answer);
    }

    private static boolean isPassing(HttpStatus status) {
        return status.isServerError() || status.equals(HttpStatus.TOO_MANY_REQUESTS);
    }

    private static String refusal(String path, AggregatedHttpResponse response) {
        return path + ": " + response.status() + " " + response.contentUtf8();
    }

    private JsonNode tree(AggregatedHttpResponse response) {
        try {
            return json.readTree(response.contentUtf8());
        } catch (JsonProcessingException e) {
            throw new CompletionException(e);
        }
    }

    private String text(ObjectNode node) {
        try {
            return json.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
