package io.millrace.ingestion.collect;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;

/** A collector on a server and port of its own. */
final class TestingCollector implements AutoCloseable {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CollectorApp app;
    private final Server server;

    TestingCollector(KafkaSettings settings, CollectorLimits limits) {
        this.app = CollectorApp.start(settings, FeedbackSpec.Match.DECISION, Clock.systemUTC(), registry, limits);
        ServerBuilder builder = Server.builder().http(0);
        app.mount(builder);
        this.server = builder.build();
        server.start().join();
    }

    int port() {
        return server.activeLocalPort();
    }

    TestingClient client() {
        return new TestingClient(port());
    }

    double accepted(String topic) {
        return registry.get(CollectorMetrics.ACCEPTED)
                .tag("topic", topic)
                .counter()
                .count();
    }

    double rejected(String topic, String reason) {
        return registry.get(CollectorMetrics.REJECTED)
                .tag("topic", topic)
                .tag("reason", reason)
                .counter()
                .count();
    }

    double inFlight() {
        return registry.get("millrace.collector.in.flight").gauge().value();
    }

    double backlogSeconds(String topic) {
        return registry.get("millrace.join.backlog.seconds")
                .tag("topic", topic)
                .gauge()
                .value();
    }

    long acknowledgements(String topic) {
        return registry.get(CollectorMetrics.ACK).tag("topic", topic).timer().count();
    }

    @Override
    public void close() {
        server.stop().join();
        app.close();
    }
}
