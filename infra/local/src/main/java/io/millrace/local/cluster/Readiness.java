package io.millrace.local.cluster;

import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Whether a process does its work, as those see it who need it: what they have not yet noticed to be gone was another process,
 * and does not count. Safe for use by several threads.
 */
final class Readiness implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FlinkJobs flink;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Admin admin;

    Readiness(ClusterDirectory directory, FlinkJobs flink) {
        this.flink = flink;
        Properties settings =
                KafkaSettings.of(directory.brokers().bootstrapServers()).admin();
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis() / 2));
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "500");
        this.admin = Admin.create(settings);
    }

    /** @param launched when the process that is asked for was started */
    boolean isReady(Member member, Instant launched) throws InterruptedException {
        try {
            return switch (member.kind()) {
                case BROKER -> takesPart(Integer.parseInt(member.name().replaceAll("\\D+", "")));
                case ZOOKEEPER -> accepts(member.port());
                case JOB_MANAGER -> answers(member.port(), "/overview");
                case TASK_MANAGER -> {
                    Instant heard = flink.taskManagers().get(member.name());
                    yield heard != null && heard.isAfter(launched);
                }
                case COLLECTOR -> answers(member.port(), "/health");
                case SERVING -> answers(member.port(), "/health/ready");
                case SOURCES -> member.port() == 0 || answers(member.port(), "/health");
            };
        } catch (IOException e) {
            return false;
        }
    }

    /** It answers, and only then do the others count it among them. */
    private boolean takesPart(int broker) throws InterruptedException {
        try {
            admin.describeLogDirs(List.of(broker)).allDescriptions().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .anyMatch(node -> node.id() == broker);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
