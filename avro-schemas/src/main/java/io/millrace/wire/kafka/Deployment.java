package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/**
 * What differs from one cluster to the next while the pipeline stays the same: how to reach Kafka, where snapshots are kept,
 * and what is secret. It comes from a properties file, the environment and flags; each of these overrides the one before.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code kafka.*}</td><td>settings of every Kafka client, unchanged: {@code kafka.bootstrap.servers},
 * {@code kafka.security.protocol}, {@code kafka.sasl.jaas.config}</td></tr>
 * <tr><td>{@code cluster.NAME.*}</td><td>settings of consumers in a Kafka of others that sources name, unchanged:
 * {@code cluster.NAME.bootstrap.servers}</td></tr>
 * <tr><td>{@code topics.prefix}</td><td>stands before every topic name</td></tr>
 * <tr><td>{@code backlog}</td><td>how old what the join has not read may be: beyond it the collector refuses feedback</td></tr>
 * <tr><td>{@code features.memory}</td><td>how much memory streaming features may take in serving, about; beyond it entities to
 * which nothing happened for the longest are forgotten</td></tr>
 * <tr><td>{@code store}</td><td>URI of the directory of base snapshots</td></tr>
 * <tr><td>{@code secret}, {@code secret.file}</td><td>what the draws of decisions are keyed with, at least 16 bytes in hex;
 * the same for all serving processes of a pipeline</td></tr>
 * <tr><td>{@code token}, {@code token.file}</td><td>what HTTP callers must know</td></tr>
 * <tr><td>{@code registry.url}, {@code registry.auth}, {@code registry.auth.file}</td><td>where schemas of sources are, and
 * user:password for it</td></tr>
 * </table>
 *
 * <p>In the environment, {@code kafka.bootstrap.servers} is {@code MILLRACE_KAFKA_BOOTSTRAP_SERVERS}, and so on.
 */
public final class Deployment {
    /** Before the names of variables of the environment. */
    public static final String VARIABLE = "MILLRACE_";

    private static final String KAFKA = "kafka.";
    private static final String CLUSTER = "cluster.";
    /** As it can stand in the name of a variable of the environment, too, and between points. */
    private static final Pattern CLUSTER_KEY = Pattern.compile("cluster\\.([a-z0-9-]+)\\.(.+)");

    private static final String PREFIX = "topics.prefix";
    private static final String STORE = "store";
    private static final String SECRET = "secret";
    private static final String TOKEN = "token";
    private static final String BACKLOG = "backlog";
    private static final String FEATURES_MEMORY = "features.memory";
    private static final String REGISTRY = "registry.url";
    private static final String REGISTRY_AUTH = "registry.auth";
    private static final String FILE = ".file";
    private static final List<String> KEYS = List.of(
            PREFIX,
            STORE,
            BACKLOG,
            FEATURES_MEMORY,
            SECRET,
            SECRET + FILE,
            TOKEN,
            TOKEN + FILE,
            REGISTRY,
            REGISTRY_AUTH,
            REGISTRY_AUTH + FILE);
    /** Of the environment, what means something else. */
    private static final List<String> OTHER_VARIABLES = List.of("MILLRACE_JAVA_OPTS");

    private static final Pattern TOPIC_CHARACTERS = Pattern.compile("[A-Za-z0-9._-]{0,100}");
    private static final int SECRET_BYTES = 16;
    private static final int TOKEN_LENGTH = 16;

    private static final String OFF = "off";
    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,5})(MB|GB)");
    private static final Map<String, Long> SIZES = Map.of("MB", 1_000_000L, "GB", 1_000_000_000L);

    private record Given(String value, String place) {}

    private final KafkaSettings kafka;
    private final Map<String, KafkaSettings> clusters;
    private final @Nullable URI store;
    private final byte @Nullable [] secret;
    private final @Nullable String token;
    private final @Nullable Duration backlog;
    private final @Nullable Long featuresMemory;
    private final @Nullable RegistrySettings registry;

    private Deployment(
            KafkaSettings kafka,
            Map<String, KafkaSettings> clusters,
            @Nullable URI store,
            byte @Nullable [] secret,
            @Nullable String token,
            @Nullable Duration backlog,
            @Nullable Long featuresMemory,
            @Nullable RegistrySettings registry) {
        this.kafka = kafka;
        this.clusters = Map.copyOf(clusters);
        this.store = store;
        this.secret = secret;
        this.token = token;
        this.backlog = backlog;
        this.featuresMemory = featuresMemory;
        this.registry = registry;
    }

    /**
     * Reads everything.
     *
     * @param file a properties file, if there is one
     * @param environment the process's variables; those that do not begin with {@value #VARIABLE} are passed over
     * @param flags by key
     * @throws DeploymentException with everything that is wrong, each with its place; secrets are not shown
     */
    public static Deployment read(@Nullable Path file, Map<String, String> environment, Map<String, String> flags)
            throws DeploymentException {
        List<Problem> problems = new ArrayList<>();
        Map<String, Given> given = new TreeMap<>();
        if (file != null) {
            fromFile(file, given, problems);
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(VARIABLE) && !OTHER_VARIABLES.contains(name)) {
                String key = name.substring(VARIABLE.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                given.put(key, new Given(value, name));
            }
        });
        flags.forEach((key, value) -> given.put(key, new Given(value, key)));
        Deployment deployment = of(given, problems);
        if (!problems.isEmpty()) {
            throw new DeploymentException(problems);
        }
        return deployment;
    }

    private static void fromFile(Path file, Map<String, Given> given, List<Problem> problems) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(
                    new Problem(file.toString(), String.valueOf(e.getMessage()), "a properties file that can be read"));
        }
        properties
                .stringPropertyNames()
                .forEach(key -> given.put(key, new Given(properties.getProperty(key), file + ", " + key)));
    }

    private static Deployment of(Map<String, Given> given, List<Problem> problems) {
        Map<String, String> client = new TreeMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(KAFKA) && key.length() > KAFKA.length()) {
                client.put(key.substring(KAFKA.length()), value.value());
            } else if (!KEYS.contains(key) && !key.startsWith(CLUSTER)) {
                problems.add(new Problem(
                        value.place(), "unknown", Suggestion.expected(key, KEYS) + ", kafka.* or cluster.NAME.*"));
            }
        });
        if (client.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "")
                .isBlank()) {
            problems.add(
                    Problem.missing(KAFKA + CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "host:port of a broker"));
        }
        Given prefix = given.getOrDefault(PREFIX, new Given("", PREFIX));
        if (!TOPIC_CHARACTERS.matcher(prefix.value()).matches()) {
            problems.add(new Problem(prefix.place(), prefix.value(), "letters, digits, '.', '_' and '-', at most 100"));
        }
        return new Deployment(
                new KafkaSettings(client, prefix.value()),
                clusters(given, problems),
                store(given.get(STORE), problems),
                secret(text(SECRET, given, problems), problems),
                token(text(TOKEN, given, problems), problems),
                backlog(given.get(BACKLOG), problems),
                size(given.get(FEATURES_MEMORY), problems),
                registry(given.get(REGISTRY), text(REGISTRY_AUTH, given, problems), problems));
    }

    private static Map<String, KafkaSettings> clusters(Map<String, Given> given, List<Problem> problems) {
        Map<String, Map<String, String>> clients = new TreeMap<>();
        given.forEach((key, value) -> {
            if (!key.startsWith(CLUSTER)) {
                return;
            }
            Matcher matcher = CLUSTER_KEY.matcher(key);
            if (matcher.matches()) {
                clients.computeIfAbsent(matcher.group(1), name -> new TreeMap<>())
                        .put(matcher.group(2), value.value());
            } else {
                problems.add(new Problem(
                        value.place(),
                        "unknown",
                        "cluster.NAME.bootstrap.servers and the like, NAME in small letters, digits and '-'"));
            }
        });
        Map<String, KafkaSettings> clusters = new TreeMap<>();
        clients.forEach((name, client) -> {
            if (client.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "")
                    .isBlank()) {
                problems.add(Problem.missing(
                        CLUSTER + name + "." + CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "host:port of a broker"));
            }
            clusters.put(name, new KafkaSettings(client, ""));
        });
        return clusters;
    }

    private static @Nullable RegistrySettings registry(
            @Nullable Given url, @Nullable Given credentials, List<Problem> problems) {
        if (credentials != null && credentials.value().indexOf(':') < 1) {
            problems.add(new Problem(credentials.place(), "****", "user:password"));
        }
        if (url == null) {
            return null;
        }
        try {
            URI uri = new URI(url.value());
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return new RegistrySettings(
                        uri, Optional.ofNullable(credentials).map(Given::value));
            }
        } catch (URISyntaxException e) {
            // Told below, like one of another scheme.
        }
        problems.add(new Problem(url.place(), url.value(), "a URL like https://registry:8081"));
        return null;
    }

    private static @Nullable Duration backlog(@Nullable Given given, List<Problem> problems) {
        if (given == null) {
            return null;
        }
        if (given.value().equals(OFF)) {
            return NEVER;
        }
        Matcher matcher = DURATION.matcher(given.value());
        if (!matcher.matches()) {
            problems.add(new Problem(given.place(), given.value(), "off, or a duration above 0 like 90m, 12h or 3d"));
            return null;
        }
        return Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
    }

    private static @Nullable Long size(@Nullable Given given, List<Problem> problems) {
        if (given == null) {
            return null;
        }
        Matcher matcher = SIZE.matcher(given.value());
        if (!matcher.matches()) {
            problems.add(new Problem(given.place(), given.value(), "a size above 0 like 500MB or 4GB"));
            return null;
        }
        return Long.parseLong(matcher.group(1)) * SIZES.get(matcher.group(2));
    }

    private static @Nullable URI store(@Nullable Given given, List<Problem> problems) {
        if (given == null) {
            return null;
        }
        try {
            URI uri = new URI(given.value());
            if (uri.isAbsolute()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below, like one without a scheme.
        }
        problems.add(new Problem(given.place(), given.value(), "a URI like file:///var/lib/millrace"));
        return null;
    }

    private static byte @Nullable [] secret(@Nullable Given given, List<Problem> problems) {
        if (given == null) {
            return null;
        }
        try {
            byte[] bytes = HexFormat.of().parseHex(given.value());
            if (bytes.length >= SECRET_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Told below, without the value.
        }
        problems.add(new Problem(given.place(), "****", "at least " + SECRET_BYTES + " bytes in hex"));
        return null;
    }

    private static @Nullable String token(@Nullable Given given, List<Problem> problems) {
        if (given == null) {
            return null;
        }
        if (given.value().length() < TOKEN_LENGTH || given.value().chars().anyMatch(c -> c <= ' ' || c > '~')) {
            problems.add(new Problem(
                    given.place(), "****", "at least " + TOKEN_LENGTH + " printable ASCII characters without spaces"));
            return null;
        }
        return given.value();
    }

    /** The value itself, or what stands in a file that is named instead. */
    private static @Nullable Given text(String key, Map<String, Given> given, List<Problem> problems) {
        Given file = given.get(key + FILE);
        if (given.containsKey(key) || file == null) {
            return given.get(key);
        }
        try {
            return new Given(Files.readString(Path.of(file.value())).strip(), file.place());
        } catch (IOException | IllegalArgumentException e) {
            problems.add(new Problem(file.place(), file.value(), "a file that can be read: " + e));
            return null;
        }
    }

    public KafkaSettings kafka() {
        return kafka;
    }

    /** Kafka clusters of others, by the names that sources call them. */
    public Map<String, KafkaSettings> clusters() {
        return clusters;
    }

    /** Where base snapshots are kept. */
    public Optional<URI> store() {
        return Optional.ofNullable(store);
    }

    /** What the draws of decisions are keyed with. */
    public Optional<byte[]> secret() {
        return Optional.ofNullable(secret).map(byte[]::clone);
    }

    /** How old what the join has not read may be, if that is said. */
    public Optional<Duration> backlog() {
        return Optional.ofNullable(backlog);
    }

    /** How much memory streaming features may take in serving, in bytes, if that is said. */
    public Optional<Long> featuresMemory() {
        return Optional.ofNullable(featuresMemory);
    }

    /** Where schemas of sources are kept, if that is said. */
    public Optional<RegistrySettings> registry() {
        return Optional.ofNullable(registry);
    }

    /** What HTTP callers must know. */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }
}
