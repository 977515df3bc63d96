package io.millrace.serving.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.serving.model.ModelNotReadyException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The services that operators and tools ask: health, metrics, the description of the interface. */
public final class StatusHttp {
    private static final String OPENAPI = "/io/millrace/serving/openapi.json";
    private static final MediaType PROMETHEUS = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private StatusHttp() {}

    /** {@code GET /health}: the process answers. */
    public static HttpService live() {
        return (ctx, request) -> ok(Map.of("status", "up"));
    }

    /** {@code GET /health/ready}: 200 once there is a model version that is up to date, 503 before. */
    public static HttpService ready(BooleanSupplier isReady) {
        return (ctx, request) -> {
            if (isReady.getAsBoolean()) {
                return ok(Map.of("status", "ready"));
            }
            Problem problem = ModelNotReadyException.problem();
            return JsonErrors.response(HttpStatus.SERVICE_UNAVAILABLE, problem.toString(), List.of(problem));
        };
    }

    /** {@code GET /metrics}, in the text format of Prometheus. */
    public static HttpService metrics(PrometheusMeterRegistry registry) {
        return (ctx, request) -> HttpResponse.of(HttpStatus.OK, PROMETHEUS, registry.scrape());
    }

    /** {@code GET /v1/openapi.json}: OpenAPI 3.1. */
    public static HttpService openApi() {
        byte[] document = resource();
        return (ctx, request) -> HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, document);
    }

    private static HttpResponse ok(Map<String, ?> body) {
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, Json.write(body));
    }

    private static byte[] resource() {
        try (InputStream in = StatusHttp.class.getResourceAsStream(OPENAPI)) {
            if (in == null) {
                throw new IllegalStateException(OPENAPI + ": missing (expected: on the class path)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
