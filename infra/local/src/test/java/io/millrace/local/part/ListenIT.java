package io.millrace.local.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServerBuilder;
import io.millrace.local.StartException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenIT {
    private static final String TOKEN = "0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "/v1/model, Bearer 0123456789abcdef, 200",
        "/v1/model, Bearer 0123456789abcdeF, 401",
        "/v1/model, Basic 0123456789abcdef, 401",
        "/v1/model, none, 401",
        "/health, none, 200",
        "/health/ready, none, 200",
        "/metrics, none, 200",
        "/metrics/more, none, 401"
    })
    void onlyWhoKnowsTheTokenIsAnsweredHealthAndMetricsExcepted(String path, String authorization, int status)
            throws Exception {
        Listen listen = Listen.of("127.0.0.1", 0, Optional.of(TOKEN));
        ServerBuilder builder = listen.builder();
        builder.serviceUnder("/", (ctx, request) -> HttpResponse.of(200));
        try (RunningPart part = listen.start(builder, () -> {})) {
            URI uri = URI.create("http://127.0.0.1:" + part.port() + path);
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("authorization", authorization);
            assertThat(HttpClient.newHttpClient()
                            .send(request.build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    @Test
    void beyondLoopbackATokenIsNeeded() {
        assertThatThrownBy(() -> Listen.of("0.0.0.0", 0, Optional.empty()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("token");
    }
}
