package io.millrace.wire.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentTest {
    private static final String SECRET = "00112233445566778899aabbccddeeff";

    @TempDir
    private Path directory;

    @Test
    void flagsOverrideTheEnvironmentAndThatTheFile() throws Exception {
        Path file = file(
                "kafka.bootstrap.servers=one:1", "topics.prefix=a.", "store=file:///a", "kafka.client.dns.lookup=x");
        Deployment deployment = Deployment.read(
                file,
                Map.of("MILLRACE_KAFKA_BOOTSTRAP_SERVERS", "two:2", "MILLRACE_TOPICS_PREFIX", "b.", "PATH", "/bin"),
                Map.of("topics.prefix", "c."));
        assertThat(deployment.kafka().client())
                .isEqualTo(Map.of("bootstrap.servers", "two:2", "client.dns.lookup", "x"));
        assertThat(deployment.kafka().prefix()).isEqualTo("c.");
        assertThat(deployment.store()).contains(URI.create("file:///a"));
    }

    @Test
    void securitySettingsPassThroughAndSecretsAreNotShown() throws Exception {
        Path file = file(
                "kafka.bootstrap.servers=one:1",
                "kafka.security.protocol=SASL_SSL",
                "kafka.sasl.jaas.config=ScramLoginModule required username=\"u\" password=\"hush\";");
        Deployment deployment = Deployment.read(file, Map.of(), Map.of());
        assertThat(deployment.kafka().producer())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.jaas.config", "ScramLoginModule required username=\"u\" password=\"hush\";");
        assertThat(deployment.kafka().toString()).contains("SASL_SSL").doesNotContain("hush");
    }

    @Test
    void secretsMayStandInFiles() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Path token = Files.writeString(directory.resolve("token"), "a-token-of-20-letters\n");
        Deployment deployment = Deployment.read(
                null,
                Map.of("MILLRACE_KAFKA_BOOTSTRAP_SERVERS", "one:1", "MILLRACE_SECRET_FILE", secret.toString()),
                Map.of("token.file", token.toString()));
        assertThat(deployment.secret().orElseThrow()).isEqualTo(HexFormat.of().parseHex(SECRET));
        assertThat(deployment.token()).contains("a-token-of-20-letters");
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPlaceAndNoSecret() throws Exception {
        Path file = file("stor=file:///a", "topics.prefix=no spaces", "secret=hush", "store=relative/path");
        assertThatThrownBy(() -> Deployment.read(file, Map.of("MILLRACE_TOKEN", "short one"), Map.of()))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(file + ", stor: unknown (expected: store?, kafka.* or cluster.NAME.*)")
                .hasMessageContaining("kafka.bootstrap.servers: missing (expected: host:port of a broker)")
                .hasMessageContaining(file + ", topics.prefix: no spaces (expected: letters, digits")
                .hasMessageContaining(file + ", store: relative/path (expected: a URI like file:///var/lib/millrace)")
                .hasMessageContaining(file + ", secret: **** (expected: at least 16 bytes in hex)")
                .hasMessageContaining("MILLRACE_TOKEN: **** (expected: at least 16 printable ASCII")
                .message()
                .doesNotContain("hush", "short one");
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        Path missing = directory.resolve("none.properties");
        assertThatThrownBy(() -> Deployment.read(missing, Map.of(), Map.of("kafka.bootstrap.servers", "one:1")))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(missing + ": ")
                .hasMessageContaining("(expected: a properties file that can be read)");
    }

    private Path file(String... lines) throws Exception {
        return Files.writeString(directory.resolve("millrace.properties"), String.join("\n", lines));
    }

    @Test
    void readsHowOldABacklogMayBe() throws DeploymentException {
        Map<String, String> kafka = Map.of("kafka.bootstrap.servers", "b:1");
        assertThat(Deployment.read(null, Map.of(), kafka).backlog()).isEmpty();
        assertThat(Deployment.read(null, Map.of("MILLRACE_BACKLOG", "90m"), kafka)
                        .backlog())
                .contains(Duration.ofMinutes(90));
        assertThat(Deployment.read(null, Map.of("MILLRACE_BACKLOG", "off"), kafka)
                        .backlog())
                .hasValueSatisfying(never -> assertThat(never).isGreaterThan(Duration.ofDays(10_000)));
        assertThatThrownBy(() -> Deployment.read(null, Map.of("MILLRACE_BACKLOG", "0d"), kafka))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(
                        "MILLRACE_BACKLOG: 0d (expected: off, or a duration above 0 like 90m, 12h or 3d)");
    }

    @Test
    void readsWhereSchemasAreKeptAndShowsNoPassword() throws DeploymentException {
        Map<String, String> kafka = Map.of("kafka.bootstrap.servers", "b:1");
        assertThat(Deployment.read(null, Map.of(), kafka).registry()).isEmpty();
        RegistrySettings registry = Deployment.read(
                        null,
                        Map.of("MILLRACE_REGISTRY_URL", "https://registry:8081", "MILLRACE_REGISTRY_AUTH", "ann:hush"),
                        kafka)
                .registry()
                .orElseThrow();
        assertThat(registry.credentials()).contains("ann:hush");
        assertThat(registry).hasToString("https://registry:8081, with credentials");
        Map<String, String> wrong = Map.of("MILLRACE_REGISTRY_URL", "registry:8081", "MILLRACE_REGISTRY_AUTH", "hush");
        assertThatThrownBy(() -> Deployment.read(null, wrong, kafka))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(
                        "MILLRACE_REGISTRY_URL: registry:8081 (expected: a URL like https://registry:8081)")
                .hasMessageContaining("MILLRACE_REGISTRY_AUTH: **** (expected: user:password)")
                .message()
                .doesNotContain("hush");
    }

    @Test
    void readsHowMuchMemoryStreamingFeaturesMayTake() throws Exception {
        Map<String, String> kafka = Map.of("kafka.bootstrap.servers", "broker:9092");
        assertThat(Deployment.read(null, Map.of(), kafka).featuresMemory()).isEmpty();
        assertThat(Deployment.read(null, Map.of("MILLRACE_FEATURES_MEMORY", "4GB"), kafka)
                        .featuresMemory())
                .contains(4_000_000_000L);
        assertThatThrownBy(() -> Deployment.read(null, Map.of("MILLRACE_FEATURES_MEMORY", "4 gigs"), kafka))
                .hasMessageContaining("MILLRACE_FEATURES_MEMORY: 4 gigs (expected: a size above 0 like 500MB or 4GB)");
    }

    @Test
    void readsWhereKafkaClustersOfOthersAreAndShowsNoPassword() throws Exception {
        Path file = file(
                "kafka.bootstrap.servers=one:1",
                "topics.prefix=ours.",
                "cluster.shop-1.bootstrap.servers=shop:1",
                "cluster.shop-1.sasl.jaas.config=ScramLoginModule required password=\"hush\";");
        Map<String, KafkaSettings> clusters = Deployment.read(
                        file,
                        Map.of("MILLRACE_CLUSTER_EU_BOOTSTRAP_SERVERS", "eu:1"),
                        Map.of("cluster.eu.isolation.level", "read_uncommitted"))
                .clusters();
        assertThat(clusters).containsOnlyKeys("shop-1", "eu");
        assertThat(clusters.get("eu").consumer())
                .containsEntry("bootstrap.servers", "eu:1")
                .containsEntry("isolation.level", "read_uncommitted");
        KafkaSettings shop = clusters.get("shop-1");
        assertThat(shop.client().get("sasl.jaas.config")).contains("hush");
        assertThat(shop.prefix()).isEmpty();
        assertThat(shop.toString()).contains("shop:1").doesNotContain("hush");
        Path wrong = file(
                "kafka.bootstrap.servers=one:1",
                "cluster.EU.bootstrap.servers=eu:1",
                "cluster.shop.security.protocol=SSL",
                "cluster.bootstrap=x");
        assertThatThrownBy(() -> Deployment.read(wrong, Map.of(), Map.of()))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(wrong + ", cluster.EU.bootstrap.servers: unknown (expected:"
                        + " cluster.NAME.bootstrap.servers and the like, NAME in small letters, digits and '-')")
                .hasMessageContaining("cluster.bootstrap: unknown")
                .hasMessageContaining("cluster.shop.bootstrap.servers: missing (expected: host:port of a broker)");
    }
}
