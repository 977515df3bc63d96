package io.millrace.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * One broker that is its own controller, in this process, on loopback. The directory is formatted on first use and goes on
 * where it was on the next. Start and close from one thread.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final BrokerGroup group;

    private EmbeddedBroker(KafkaRaftServer server, BrokerGroup group) {
        this.server = server;
        this.group = group;
    }

    /**
     * Starts a broker and returns when it accepts clients.
     *
     * @param controllerPort for the broker's own use, on loopback
     */
    public static EmbeddedBroker start(Path directory, int port, int controllerPort) throws IOException {
        return start(directory, port, controllerPort, Map.of());
    }

    /**
     * The same.
     *
     * @param settings of the broker, which go before its own
     */
    public static EmbeddedBroker start(Path directory, int port, int controllerPort, Map<String, String> settings)
            throws IOException {
        BrokerNode node = new BrokerNode(1, directory, port, controllerPort);
        BrokerGroup group = new BrokerGroup(BrokerGroup.newId(), List.of(node));
        group.format(node);
        Properties properties = group.properties(node);
        properties.putAll(settings);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        return new EmbeddedBroker(server, group);
    }

    /** Address for clients. */
    public String bootstrapServers() {
        return group.bootstrapServers();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
