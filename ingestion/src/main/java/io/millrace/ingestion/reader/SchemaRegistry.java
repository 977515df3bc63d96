package io.millrace.ingestion.reader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.ingestion.source.SchemaById;
import io.millrace.ingestion.source.SchemaUnavailableException;
import io.millrace.wire.kafka.RegistrySettings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A registry with Confluent's API, as Apicurio and Karapace have it, too. What it has said of an id is kept; that it knows none,
 * for half a minute. Waits a bounded time for an answer. Safe for use by several threads.
 */
final class SchemaRegistry implements SchemaById {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long UNKNOWN_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int REMEMBERED = 10_000;
    private static final String ACCEPT = "application/vnd.schemaregistry.v1+json, application/json";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final String AVRO = "AVRO";

    private final RegistrySettings settings;
    private final String base;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final Map<Integer, Schema> known = new ConcurrentHashMap<>();
    /** To when that was found out. */
    private final Map<Integer, Long> unknown = new ConcurrentHashMap<>();

    SchemaRegistry(RegistrySettings settings) {
        this.settings = settings;
        this.base = settings.url().toString().replaceAll("/+$", "");
    }

    @Override
    public Optional<Schema> find(int id) {
        Schema schema = known.get(id);
        if (schema != null) {
            return Optional.of(schema);
        }
        Long since = unknown.get(id);
        if (since != null && System.nanoTime() - since < UNKNOWN_NANOS) {
            return Optional.empty();
        }
        Optional<JsonNode> answer = get("/schemas/ids/" + id);
        if (answer.isEmpty()) {
            if (unknown.size() >= REMEMBERED) {
                unknown.clear();
            }
            unknown.put(id, System.nanoTime());
            return Optional.empty();
        }
        Schema parsed = parse(answer.get(), new Schema.Parser(), new HashSet<>());
        known.put(id, parsed);
        return Optional.of(parsed);
    }

    /** Parses a schema after those that it refers to. */
    private Schema parse(JsonNode answer, Schema.Parser parser, Set<String> seen) {
        String type = answer.path("schemaType").asText(AVRO);
        if (!type.equals(AVRO)) {
            throw new AvroRuntimeException("it is one of " + type);
        }
        for (JsonNode reference : answer.path("references")) {
            String subject = reference.path("subject").asText();
            String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions/"
                    + reference.path("version").asInt();
            if (seen.add(path)) {
                JsonNode referred = get(path)
                        .orElseThrow(() -> new AvroRuntimeException("it refers to " + subject + ", which is unknown"));
                parse(referred, parser, seen);
            }
        }
        return parser.parse(answer.path("schema").asText());
    }

    /** The answer; nothing if the registry says that there is no such thing. */
    private Optional<JsonNode> get(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER).header("accept", ACCEPT);
        settings.credentials()
                .ifPresent(credentials -> request.header(
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))));
        try {
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
            JsonNode body = body(response);
            if (response.statusCode() == OK && body.isObject()) {
                return Optional.of(body);
            }
            if (response.statusCode() == NOT_FOUND && body.has("error_code")) {
                return Optional.empty();
            }
            throw unavailable(
                    "answers " + response.statusCode() + " to " + path, "a registry with Confluent's API", null);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw unavailable("does not answer, " + reason, "an answer within " + ANSWER.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for", "an answer", e);
        }
    }

    private static JsonNode body(HttpResponse<byte[]> response) throws IOException {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private SchemaUnavailableException unavailable(String what, String expected, @Nullable Exception cause) {
        return new SchemaUnavailableException(
                "registry " + base + ": " + what + " (expected: " + expected + ")", cause);
    }
}
