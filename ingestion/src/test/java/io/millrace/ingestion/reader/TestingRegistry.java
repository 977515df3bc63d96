package io.millrace.ingestion.reader;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.wire.kafka.RegistrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry of schemas that can be down, or take requests and never answer. */
final class TestingRegistry implements AutoCloseable {
    private static final byte[] NOT_FOUND =
            "{\"error_code\": 40403, \"message\": \"Schema not found\"}".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    volatile boolean isDown;
    volatile boolean isSilent;

    TestingRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("authorization")));
        if (isSilent) {
            return;
        }
        String answer = answers.get(path);
        byte[] body = answer == null ? NOT_FOUND : answer.getBytes(StandardCharsets.UTF_8);
        int status = isDown ? 503 : answer == null ? 404 : 200;
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    RegistrySettings settings() {
        return new RegistrySettings(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), Optional.of("ann:hush"));
    }

    void put(String path, String answer) {
        answers.put(path, answer);
    }

    void schema(int id, String text) throws IOException {
        put("/schemas/ids/" + id, "{\"schema\": " + new JsonMapper().writeValueAsString(text) + "}");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
