package io.millrace.local.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.local.FlinkCluster;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.kafka.Deployment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedJoinIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final FeedbackSpec SPEC =
            new FeedbackSpec(Map.of("click", 1.0), Set.of(), Duration.ofSeconds(3), Duration.ofMinutes(10));

    @TempDir
    private Path checkpoints;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestingKafka kafka;
    private RunningPart collector;

    @Test
    void feedbackIsRefusedWhileTheJoinIsStoppedAndTakenWhenItIsBack() throws Exception {
        try (TestingKafka started = TestingKafka.start(1)) {
            kafka = started;
            Deployment deployment = Deployment.read(
                    null,
                    Map.of(),
                    Map.of(
                            "kafka.bootstrap.servers",
                            kafka.settings().client().get("bootstrap.servers"),
                            "backlog",
                            LIMIT.toSeconds() + "s"));
            try (RunningPart running = CollectorPart.start(deployment, FeedbackSpec.Match.DECISION, "127.0.0.1", 0)) {
                collector = running;
                try (FlinkCluster flink = join()) {
                    awaitCheckpoint(flink);
                    long end = System.nanoTime() + LIMIT.plusSeconds(5).toNanos();
                    while (System.nanoTime() < end) {
                        assertThat(post()).isEqualTo(202);
                    }
                }
                awaitStatus(429);
                try (FlinkCluster flink = join()) {
                    assertThat(flink.checkpoints("join")).isPositive();
                    awaitStatus(202);
                }
            }
        }
    }

    private FlinkCluster join() throws Exception {
        FlinkCluster flink = FlinkCluster.start(checkpoints);
        StreamExecutionEnvironment environment = flink.environment();
        JoinJob.configure(environment, JoinJobSettings.defaults());
        JoinJob.build(environment, kafka.settings(), SPEC, JoinJobSettings.defaults(), Clock.systemUTC());
        flink.submit("join", environment);
        return flink;
    }

    private static void awaitCheckpoint(FlinkCluster flink) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (flink.checkpoints("join") == 0) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private void awaitStatus(int status) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (post() != status) {
            assertThat(System.nanoTime()).as("still waiting for " + status).isLessThan(end);
        }
    }

    private int post() throws Exception {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + collector.port() + "/v1/feedback"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"request_id\":\"r\",\"kind\":\"click\"}"))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }
}
