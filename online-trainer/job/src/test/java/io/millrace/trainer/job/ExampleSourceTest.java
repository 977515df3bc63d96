package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.kafka.KafkaSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExampleSourceTest {
    @Test
    void packsBlocksBehindTheDeploymentsOwnInterceptors() {
        assertThat(interceptors(Map.of())).isEqualTo(BlockInterceptor.class.getName());
        assertThat(interceptors(Map.of("interceptor.classes", "tracing.Interceptor")))
                .isEqualTo("tracing.Interceptor," + BlockInterceptor.class.getName());
    }

    private static String interceptors(Map<String, String> client) {
        return ExampleSource.properties(new KafkaSettings(client, "")).getProperty("interceptor.classes");
    }
}
