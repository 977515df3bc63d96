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

    @Test
    void readsManyRecordsAtOnceUnlessTheDeploymentSaysOtherwise() {
        assertThat(ExampleSource.properties(new KafkaSettings(Map.of(), "")))
                .containsEntry("max.poll.records", "4000")
                .containsEntry("max.partition.fetch.bytes", "4194304");
        assertThat(ExampleSource.properties(new KafkaSettings(Map.of("max.poll.records", "10"), "")))
                .containsEntry("max.poll.records", "10");
    }

    private static String interceptors(Map<String, String> client) {
        return ExampleSource.properties(new KafkaSettings(client, "")).getProperty("interceptor.classes");
    }
}
