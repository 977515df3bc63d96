package io.millrace.wire.kafka;

import io.millrace.wire.Topic;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How to reach Kafka: deployment, not pipeline. Client settings pass through unchanged (SASL, TLS).
 *
 * @param client settings for every client, {@code bootstrap.servers} among them
 * @param prefix stands before every topic name; may be empty
 */
public record KafkaSettings(Map<String, String> client, String prefix) implements Serializable {
    public KafkaSettings {
        client = Map.copyOf(client);
    }

    /** A cluster that needs no more than an address. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), "");
    }

    /** The name of a topic in this cluster. */
    public String name(Topic topic) {
        return prefix + topic.text();
    }

    /** Settings of an admin client. */
    public Properties admin() {
        Properties properties = new Properties();
        properties.putAll(client);
        return properties;
    }

    /** Settings of a producer that loses nothing it has acknowledged and writes nothing twice. */
    public Properties producer() {
        Properties properties = admin();
        properties.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return properties;
    }

    /** Settings of a consumer without a group that reads committed records only. */
    public Properties consumer() {
        Properties properties = admin();
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    /** The settings, sorted, with secrets masked. */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>(client);
        shown.replaceAll((key, value) -> isSecret(key) ? "****" : value);
        return "KafkaSettings" + shown + (prefix.isEmpty() ? "" : ", topics " + prefix + "*");
    }

    private static boolean isSecret(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return lower.contains("password")
                || lower.contains("passphrase")
                || lower.contains("secret")
                || lower.contains("jaas")
                || lower.contains("token")
                || lower.endsWith(".key");
    }
}
