package io.millrace.serving.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every failure is {@code {"error": "one sentence", "problems": [{"name", "value", "expected"}]}}, whoever finds it, and no
 * answer shows a stack trace.
 */
public final class JsonErrors implements ServerErrorHandler {
    private final Map<String, String> allowed;

    /**
     * For {@code ServerBuilder.errorHandler}: unknown paths, wrong methods, bodies over the limit, bugs.
     *
     * @param allowed path to the method that it has
     */
    public JsonErrors(Map<String, String> allowed) {
        this.allowed = Map.copyOf(allowed);
    }

    /** A failed answer. */
    static HttpResponse response(HttpStatus status, String error, List<Problem> problems) {
        return HttpResponse.of(status, MediaType.JSON_UTF_8, body(error, problems));
    }

    /** For what passes by itself, within seconds. */
    static HttpResponse retryLater(Problem problem) {
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.JSON_UTF_8)
                .setInt(HttpHeaderNames.RETRY_AFTER, 1)
                .build();
        return HttpResponse.of(headers, body(problem.toString(), List.of(problem)));
    }

    /** Leaves the choice of the status to the server, which then asks {@link #renderStatus}. */
    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
        return null;
    }

    @Override
    public @Nullable AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext ctx,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        if (status.isContentAlwaysEmpty()) {
            return null;
        }
        Problem problem = problem(status, config, headers);
        ResponseHeadersBuilder answer = ResponseHeaders.builder(status).contentType(MediaType.JSON_UTF_8);
        @Nullable String method = headers == null ? null : allowed.get(headers.path());
        if (status.equals(HttpStatus.METHOD_NOT_ALLOWED) && method != null) {
            answer.set(HttpHeaderNames.ALLOW, method);
        }
        return AggregatedHttpResponse.of(answer.build(), body(problem.toString(), List.of(problem)));
    }

    private static Problem problem(HttpStatus status, ServiceConfig config, @Nullable RequestHeaders headers) {
        String path = headers == null ? "unreadable" : headers.path();
        String method = headers == null ? "unreadable" : headers.method().name();
        return switch (status.code()) {
            case 404 -> new Problem("path", path, "a path of /v1/openapi.json");
            case 405 ->
                new Problem("method", method + " " + path, "a method that /v1/openapi.json names for this path");
            case 413 -> new Problem("body", "too large", "at most " + config.maxRequestLength() + " bytes");
            case 415 -> new Problem("content-type", "not supported", "application/json");
            default -> new Problem("request", method + " " + path, status.reasonPhrase());
        };
    }

    private static HttpData body(String error, List<Problem> problems) {
        List<Map<String, String>> shown = new ArrayList<>(problems.size());
        for (Problem problem : problems) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("name", problem.name());
            fields.put("value", problem.value());
            fields.put("expected", problem.expected());
            shown.add(fields);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("problems", shown);
        return HttpData.wrap(Json.write(body));
    }
}
