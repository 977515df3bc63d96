package io.millrace.testkit;

import io.millrace.broker.BrokerGroup;
import io.millrace.broker.BrokerNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.utils.Time;

/**
 * A real broker as a company runs it: clients come in by SASL (SCRAM-SHA-512) over TLS, and may do what an access rule allows,
 * nothing else. {@link #ADMIN} may do everything. Without topics; everything lies in the caller's directory.
 */
public final class SecuredKafka implements AutoCloseable {
    public static final String ADMIN = "admin";

    private static final String LISTENER = "SECURED";
    private static final int ITERATIONS = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaRaftServer server;
    private final Admin inside;
    private final Certificates certificates;
    private final String bootstrapServers;

    private SecuredKafka(KafkaRaftServer server, Admin inside, Certificates certificates, String bootstrapServers) {
        this.server = server;
        this.inside = inside;
        this.certificates = certificates;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts it; {@code secret} is the password of {@link #ADMIN} and of its stores of certificates. */
    public static SecuredKafka start(Path directory, String secret) throws Exception {
        Certificates certificates = Certificates.create(Files.createDirectories(directory.resolve("tls")), secret);
        BrokerNode node = new BrokerNode(1, directory.resolve("log"), Ports.free(), Ports.free());
        BrokerGroup group = new BrokerGroup(BrokerGroup.newId(), List.of(node));
        group.format(node);
        String address = "127.0.0.1:" + Ports.free();
        Properties properties = group.properties(node);
        properties.merge("listeners", "," + LISTENER + "://" + address, SecuredKafka::append);
        properties.merge("advertised.listeners", "," + LISTENER + "://" + address, SecuredKafka::append);
        properties.merge("listener.security.protocol.map", "," + LISTENER + ":SASL_SSL", SecuredKafka::append);
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("allow.everyone.if.no.acl.found", "false");
        // The broker itself and this fixture are nameless, on a listener that tests do not use.
        properties.put("super.users", "User:ANONYMOUS;User:" + ADMIN);
        String listener = "listener.name.secured.";
        properties.put(listener + "sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put(
                listener + "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        properties.put(listener + "ssl.keystore.type", "PKCS12");
        properties.put(listener + "ssl.keystore.location", certificates.keys().toString());
        properties.put(listener + "ssl.keystore.password", secret);
        properties.put(listener + "ssl.key.password", secret);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        Admin inside = Admin.create(Map.of("bootstrap.servers", group.bootstrapServers()));
        SecuredKafka kafka = new SecuredKafka(server, inside, certificates, address);
        kafka.user(ADMIN, secret);
        return kafka;
    }

    private static Object append(Object before, Object more) {
        return before.toString() + more;
    }

    /** Makes a user known, or gives it another password; what it may do, access rules for {@code User:name} say. */
    public void user(String name, String password) throws ExecutionException, InterruptedException {
        ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        inside.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, info, password)))
                .all()
                .get();
        awaitLogin(name, password);
    }

    /** A broker learns of a password some moments after its controller. */
    private void awaitLogin(String name, String password) throws ExecutionException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!canLogIn(name, password)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name + ": refused (expected: known within " + PATIENCE + ")");
            }
        }
    }

    private boolean canLogIn(String name, String password) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.<String, Object>copyOf(client(name, password)))) {
            admin.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
                return false;
            }
            throw e;
        }
    }

    /** An admin that needs no rules. */
    public Admin admin() {
        return inside;
    }

    /** Settings of a user's Kafka clients. */
    public Map<String, String> client(String user, String password) {
        Map<String, String> client = new TreeMap<>();
        client.put("bootstrap.servers", bootstrapServers);
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", "SCRAM-SHA-512");
        client.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, password));
        client.put("ssl.truststore.type", "PKCS12");
        client.put("ssl.truststore.location", certificates.trusted().toString());
        client.put("ssl.truststore.password", certificates.password());
        return client;
    }

    /** The same as a deployment's properties file, with more lines. */
    public Path config(Path file, String user, String password, String... more) throws IOException {
        StringBuilder text = new StringBuilder();
        client(user, password)
                .forEach((key, value) -> text.append("kafka.")
                        .append(key)
                        .append('=')
                        .append(value)
                        .append('\n'));
        return Files.writeString(file, text + String.join("\n", more) + "\n");
    }

    @Override
    public void close() {
        inside.close();
        server.shutdown();
        server.awaitShutdown();
    }
}
