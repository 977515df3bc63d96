package io.millrace.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.PropertiesUtils;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The brokers of a cluster (KRaft), all on this machine, and their settings. With three of them or more, topics of the
 * brokers' own have three copies of which two must acknowledge; with fewer, one.
 *
 * <p>Transactions are of version 1. From version 2 on a producer's epoch grows with each of them, and Flink's sink, which
 * commits what a checkpoint holds once more after a restart, takes the answer to a transaction that was committed for one
 * that is lost (FLINK-40626): a task manager that was paused and comes back could then end its successor's.
 */
public final class BrokerGroup {
    static final String LOOPBACK = "127.0.0.1";

    /** What makes a directory a broker's. */
    private static final String FORMATTED = "meta.properties";

    private static final String CONTROLLER = "CONTROLLER";
    private static final String GATE = "GATE";
    /** Long enough that a transaction which a checkpoint has sealed survives a process that is down for a week. */
    private static final String TRANSACTION_TIMEOUT_MS = Long.toString(7L * 24 * 60 * 60 * 1000);

    private static final short TRANSACTION_VERSION = 1;
    private static final int SAFE = 3;

    private final String clusterId;
    private final List<BrokerNode> nodes;

    /** @param clusterId what {@link #newId} gave, once */
    public BrokerGroup(String clusterId, List<BrokerNode> nodes) {
        this.clusterId = clusterId;
        this.nodes = List.copyOf(nodes);
    }

    /** The id of a cluster that is to be made. */
    public static String newId() {
        return Uuid.randomUuid().toString();
    }

    /** Addresses for clients. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> LOOPBACK + ":" + node.port()).collect(Collectors.joining(","));
    }

    /** Addresses for clients that go through the gates; without gates, the same. */
    public String gatedServers() {
        return nodes.stream()
                .map(node -> LOOPBACK + ":"
                        + (node.gate() == null ? node.port() : node.gate().door()))
                .collect(Collectors.joining(","));
    }

    /** How many copies a topic should have. */
    public short replication() {
        return (short) Math.min(SAFE, nodes.size());
    }

    /**
     * Makes a node's directory ready to be started on; one that is ready stays as it is.
     *
     * @throws BrokerDirectoryException if no log can be kept there, or what is there is damaged
     */
    public void format(BrokerNode node) throws IOException {
        Path file = node.directory().resolve(FORMATTED);
        if (Files.exists(file)) {
            check(file);
            return;
        }
        Files.createDirectories(node.directory());
        Formatter formatter = new Formatter();
        formatter.setNodeId(node.id());
        formatter.setClusterId(clusterId);
        formatter.addDirectory(node.directory().toString());
        formatter.setMetadataLogDirectory(node.directory().toString());
        formatter.setControllerListenerName(CONTROLLER);
        formatter.setIgnoreFormatted(true);
        formatter.setFeatureLevel("transaction.version", TRANSACTION_VERSION);
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream()));
        try {
            formatter.run();
        } catch (Exception e) {
            throw new BrokerDirectoryException(
                    node.directory() + ": no broker can keep its log here: " + e.getMessage(), e);
        }
    }

    private static void check(Path file) throws IOException {
        try {
            MetaProperties found =
                    new MetaProperties.Builder(PropertiesUtils.readPropertiesFile(file.toString())).build();
            if (found.clusterId().isEmpty() || found.nodeId().isEmpty()) {
                throw new IllegalArgumentException("without cluster.id or node.id");
            }
        } catch (RuntimeException e) {
            String what = Files.size(file) == 0 ? "empty" : "damaged: " + e.getMessage();
            throw new BrokerDirectoryException(
                    file + ": " + what + " (expected: what says whose directory it is; restore it from a backup, or"
                            + " delete it and start again: a start writes one where there is none)",
                    e);
        }
    }

    /** A node's settings. */
    public Properties properties(BrokerNode node) {
        String client = "PLAINTEXT://" + LOOPBACK + ":" + node.port();
        String copies = Short.toString(replication());
        String inSync = Integer.toString(Math.max(1, replication() - 1));
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", Integer.toString(node.id()));
        properties.setProperty(
                "controller.quorum.voters",
                nodes.stream().map(BrokerNode::controller).collect(Collectors.joining(",")));
        BrokerNode.Gate gate = node.gate();
        properties.setProperty(
                "listeners",
                client + "," + CONTROLLER + "://" + LOOPBACK + ":" + node.controllerPort()
                        + (gate == null ? "" : "," + GATE + "://" + LOOPBACK + ":" + gate.port()));
        properties.setProperty(
                "advertised.listeners",
                client + (gate == null ? "" : "," + GATE + "://" + LOOPBACK + ":" + gate.door()));
        properties.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GATE:PLAINTEXT");
        properties.setProperty("controller.listener.names", CONTROLLER);
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty("log.dirs", node.directory().toString());
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("unclean.leader.election.enable", "false");
        properties.setProperty("offsets.topic.replication.factor", copies);
        properties.setProperty("offsets.topic.num.partitions", "1");
        // Where a group has read to is kept for ten years: who was down for a week must not begin anew.
        properties.setProperty("offsets.retention.minutes", "5256000");
        properties.setProperty("transaction.state.log.replication.factor", copies);
        properties.setProperty("transaction.state.log.min.isr", inSync);
        properties.setProperty("transaction.state.log.num.partitions", "1");
        properties.setProperty("transaction.max.timeout.ms", TRANSACTION_TIMEOUT_MS);
        properties.setProperty("share.coordinator.state.topic.replication.factor", copies);
        properties.setProperty("share.coordinator.state.topic.min.isr", inSync);
        properties.setProperty("share.coordinator.state.topic.num.partitions", "1");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("log.cleaner.dedupe.buffer.size", "8388608");
        properties.setProperty("message.max.bytes", "4194304");
        properties.setProperty("replica.fetch.max.bytes", "4194304");
        if (nodes.size() > 1) {
            // They share few cores: threads that wait for their turn make nothing faster.
            properties.setProperty("num.network.threads", "1");
            properties.setProperty("num.io.threads", "2");
        }
        properties.setProperty("controlled.shutdown.enable", Boolean.toString(nodes.size() > 1));
        // A broker that was killed may register again only when its old session is over.
        properties.setProperty("broker.session.timeout.ms", nodes.size() > 1 ? "3000" : "2000");
        properties.setProperty("broker.heartbeat.interval.ms", "500");
        return properties;
    }
}
