package io.millrace.wire.kafka;

import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the catalogue's topics. Safe for use by several threads. */
public final class TopicAdmin implements AutoCloseable {
    /** How long topics that are kept by time keep their records. */
    public static final long RETENTION_MS = 7L * 24 * 60 * 60 * 1000;

    private final KafkaSettings settings;
    private final Admin admin;

    public TopicAdmin(KafkaSettings settings) {
        this.settings = settings;
        Properties properties = settings.admin();
        this.admin = Admin.create(properties);
    }

    /**
     * Creates the topics that do not exist; those that do are left as they are.
     *
     * @param shards partitions of {@code examples}; all other topics have one
     */
    public void createMissing(int shards, short replication) throws InterruptedException {
        try {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            for (Topic topic : Topic.values()) {
                if (!existing.contains(settings.name(topic))) {
                    missing.add(describe(topic, shards, replication));
                }
            }
            admin.createTopics(missing).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(
                        "topics could not be created: " + e.getCause().getMessage(), e);
            }
        }
    }

    /** The id that Kafka gave the topic when it was created: part of a model's lineage. */
    public Uuid topicId(Topic topic) throws InterruptedException {
        return description(topic).topicId();
    }

    /** How many partitions the topic has. */
    public int partitions(Topic topic) throws InterruptedException {
        return description(topic).partitions().size();
    }

    private TopicDescription description(Topic topic) throws InterruptedException {
        String name = settings.name(topic);
        try {
            return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "topic " + name + ": " + e.getCause().getMessage(), e);
        }
    }

    private NewTopic describe(Topic topic, int shards, short replication) {
        Map<String, String> config = switch (topic.retention()) {
            case BY_TIME -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION_MS));
            case COMPACTED -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            case FOREVER -> Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        };
        return new NewTopic(settings.name(topic), topic == Topic.EXAMPLES ? shards : 1, replication).configs(config);
    }

    @Override
    public void close() {
        admin.close();
    }
}
