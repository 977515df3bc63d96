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
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;

/** Whether a process does its work, as those see it who need it. Safe for use by several threads. */
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

    boolean isReady(Member member) throws InterruptedException {
        try {
            return switch (member.kind()) {
                case BROKER -> brokers().contains(Integer.parseInt(member.name().replaceAll("\\D+", "")));
                case ZOOKEEPER -> accepts(member.port());
                case JOB_MANAGER -> answers(member.port(), "/overview");
                case TASK_MANAGER -> flink.taskManagers().contains(member.name());
                case COLLECTOR -> answers(member.port(), "/health");
                case SERVING -> answers(member.port(), "/health/ready");
            };
        } catch (IOException e) {
            return false;
        }
    }

    /** The ids of the brokers that take part. */
    private Set<Integer> brokers() throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .map(Node::id)
                    .collect(Collectors.toSet());
        } catch (ExecutionException | TimeoutException e) {
            return Set.of();
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
