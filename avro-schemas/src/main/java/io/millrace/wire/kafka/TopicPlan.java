package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * How the catalogue's topics should be. Immutable.
 *
 * <p>Partitions of {@code examples} are the shards. {@code events} and {@code feedback} may have any number; everything else
 * has one, since its readers want its records in one order.
 */
public final class TopicPlan {
    /** How long topics that are kept by time keep their records, at least. */
    public static final Duration RETENTION = Duration.ofDays(7);

    private static final String FOREVER = "-1";
    /** As Kafka does where nothing is said. */
    private static final String DEFAULT_RETENTION_MS = Long.toString(RETENTION.toMillis());
    /** With that many copies, one may be missing and what is acknowledged still has two. */
    private static final int SAFE_REPLICATION = 3;

    private final int shards;
    private final short replication;
    private final Duration retention;

    /**
     * @param shards partitions of {@code examples}
     * @param replication copies of every topic
     * @param retention of topics that are kept by time; longer than feedback may be late
     */
    public TopicPlan(int shards, short replication, Duration retention) {
        check(shards >= 1, "shards", shards, "at least 1");
        check(replication >= 1, "replication", replication, "at least 1");
        check(retention.compareTo(RETENTION) >= 0, "retention", retention, "at least " + RETENTION);
        this.shards = shards;
        this.replication = replication;
        this.retention = retention;
    }

    /** One broker, and records kept for a week. */
    public static TopicPlan small(int shards) {
        return new TopicPlan(shards, (short) 1, RETENTION);
    }

    int partitions(Topic topic) {
        return topic == Topic.EXAMPLES ? shards : 1;
    }

    short replication() {
        return replication;
    }

    /** Whether the number of partitions is free. */
    private static boolean isFree(Topic topic) {
        return topic == Topic.EVENTS || topic == Topic.FEEDBACK;
    }

    Map<String, String> config(Topic topic) {
        Map<String, String> config = new TreeMap<>();
        switch (topic.retention()) {
            case BY_TIME -> config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
            case COMPACTED -> config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            case FOREVER -> {
                config.put(TopicConfig.RETENTION_MS_CONFIG, FOREVER);
                config.put(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
            }
        }
        if (replication >= SAFE_REPLICATION) {
            config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(replication - 1));
        }
        return config;
    }

    NewTopic newTopic(String name, Topic topic) {
        return new NewTopic(name, partitions(topic), replication).configs(config(topic));
    }

    /**
     * What is wrong with a topic as it is: what would lose records or their order. More copies, or a longer time, than planned
     * is fine.
     *
     * @param partitions how many it has
     * @param replicas of the partition that has the fewest
     * @param config its effective configuration
     */
    List<Problem> problems(String name, Topic topic, int partitions, int replicas, Map<String, String> config) {
        List<Problem> problems = new ArrayList<>();
        if (partitions != partitions(topic) && !isFree(topic)) {
            problems.add(new Problem(
                    name + ", partitions",
                    Integer.toString(partitions),
                    partitions(topic) + "; a topic's records keep their order in a partition only"));
        }
        if (replicas < replication) {
            problems.add(new Problem(name + ", replicas", Integer.toString(replicas), "at least " + replication));
        }
        boolean compacts = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        boolean deletes = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                .contains(TopicConfig.CLEANUP_POLICY_DELETE);
        switch (topic.retention()) {
            case COMPACTED -> {
                if (!compacts || deletes) {
                    problems.add(policy(name, config, TopicConfig.CLEANUP_POLICY_COMPACT));
                }
            }
            case BY_TIME -> {
                if (compacts) {
                    problems.add(policy(name, config, TopicConfig.CLEANUP_POLICY_DELETE));
                }
                kept(name, retention, config, problems);
            }
            case FOREVER -> {
                if (compacts) {
                    problems.add(policy(name, config, TopicConfig.CLEANUP_POLICY_DELETE));
                }
                kept(name, null, config, problems);
            }
        }
        return problems;
    }

    private static Problem policy(String name, Map<String, String> config, String expected) {
        String key = TopicConfig.CLEANUP_POLICY_CONFIG;
        return new Problem(name + ", " + key, config.getOrDefault(key, "not set"), expected);
    }

    private static void kept(
            String name, @Nullable Duration atLeast, Map<String, String> config, List<Problem> problems) {
        String ms = config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, DEFAULT_RETENTION_MS);
        boolean isShort = !ms.equals(FOREVER) && (atLeast == null || Long.parseLong(ms) < atLeast.toMillis());
        if (isShort) {
            problems.add(new Problem(
                    name + ", " + TopicConfig.RETENTION_MS_CONFIG,
                    ms,
                    atLeast == null
                            ? FOREVER + ", for ever: what was learned is a function of this log"
                            : "at least " + atLeast.toMillis() + " (" + atLeast.toDays() + " days)"));
        }
        String bytes = config.getOrDefault(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
        if (!bytes.equals(FOREVER)) {
            problems.add(new Problem(
                    name + ", " + TopicConfig.RETENTION_BYTES_CONFIG, bytes, FOREVER + ", no bound by size"));
        }
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(new Problem(name, value.toString(), expected).toString());
        }
    }
}
