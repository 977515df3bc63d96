package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.collect.CollectorApp;
import io.millrace.serving.ServingApp;
import io.millrace.testkit.TestingKafka;
import io.millrace.trainer.snapshot.SnapshotStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesIT {
    @TempDir
    private Path models;

    @Test
    void whatIsMountedIsWhatIsDocumented() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (TestingKafka kafka = TestingKafka.start(1);
                ServingApp serving = ServingApp.start(
                        SpecReader.read("""
                                pipeline: movies
                                decision: {subject: user, candidate: {item: categorical}}
                                feedback: {reward: {click: 1.0}}
                                """, "test"),
                        kafka.settings(),
                        SnapshotStore.of(models.toUri()),
                        new byte[32],
                        Clock.systemUTC(),
                        registry);
                CollectorApp collector = CollectorApp.start(
                        kafka.settings(), FeedbackSpec.Match.DECISION, Clock.systemUTC(), registry)) {
            ServerBuilder builder = Server.builder().http(0);
            serving.mount(builder);
            collector.mount(builder);
            assertThat(mounted(builder)).containsExactlyInAnyOrderElementsOf(documented());
        }
    }

    private static List<String> mounted(ServerBuilder builder) {
        try (Server server = builder.build()) {
            return server.config().serviceConfigs().stream()
                    .map(service -> service.route().patternString())
                    .toList();
        }
    }

    private static List<String> documented() throws Exception {
        try (InputStream in = ServingApp.class.getResourceAsStream("openapi.json")) {
            List<String> paths = new ArrayList<>();
            new ObjectMapper().readTree(in).path("paths").fieldNames().forEachRemaining(paths::add);
            return paths;
        }
    }
}
