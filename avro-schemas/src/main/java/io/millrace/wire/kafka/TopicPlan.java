package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How the catalogue's topics should be. Immutable.
 *
 * <p>Partitions of {@code examples} are the shards. {@code events} and {@code feedback} may have any number; everything else
 * has one, since its readers want its records in one order.
 */
public final class TopicPlan {
    /** How long topics that are kept by time keep their records, at least. */
    public static final Duration RETENTION = Duration.ofDays(7);

    /** What a clock or a join may be behind when the last late feedback comes. */
    private static final Duration MARGIN = Duration.ofDays(1);

    /**
     * How long the join may be down: its transactions stay open for as long, and what it has not read yet must be there when it
     * comes back.
     */
    public static final Duration OUTAGE = Duration.ofDays(1);

    private static final int ANY_NUMBER = 0;
    private static final String FOREVER = "-1";
    /** As Kafka does where nothing is said. */
    private static final String DEFAULT_RETENTION_MS = Long.toString(RETENTION.toMillis());
    /** A segment that is still written is not compacted, and who starts reads the whole topic. */
    private static final String READ_AT_START_BYTES = Integer.toString(16 << 20);
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

    private TopicPlan(Duration retention) {
        this.shards = ANY_NUMBER;
        this.replication = 1;
        this.retention = retention;
    }

    /** What a part that starts can tell: any number of shards and of copies. */
    static TopicPlan ofAnySize(Duration retention) {
        return new TopicPlan(retention);
    }

    /**
     * How long topics should be kept.
     *
     * @param window how long after its decision a label stays open
     * @param late how long after its decision feedback still corrects the label
     */
    public static Duration retention(Duration window, Duration late) {
        Duration needed = window.plus(late).plus(MARGIN);
        return needed.compareTo(RETENTION) > 0 ? needed : RETENTION;
    }

    /** How long a topic of that configuration keeps records; nothing for ever. */
    static Optional<Duration> retention(Map<String, String> config) {
        String ms = config.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, DEFAULT_RETENTION_MS);
        return ms.equals(FOREVER) ? Optional.empty() : Optional.of(Duration.ofMillis(Long.parseLong(ms)));
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
    private boolean isFree(Topic topic) {
        return topic == Topic.EVENTS || topic == Topic.FEEDBACK || topic == Topic.EXAMPLES && shards == ANY_NUMBER;
    }

    /** Whether the join reads it: what it has not read yet is nowhere else. */
    private static boolean isInput(Topic topic) {
        return topic == Topic.DECISIONS || topic == Topic.FEEDBACK;
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
        if (topic == Topic.SOURCE_OFFSETS) {
            config.put(TopicConfig.SEGMENT_BYTES_CONFIG, READ_AT_START_BYTES);
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
     * What is wrong with a topic as it is. More copies, or a longer time, than planned is fine.
     *
     * @param partitions how many it has
     * @param replicas of the partition that has the fewest
     * @param config its effective configuration; empty where it is not known, and then not looked at
     */
    TopicFlaws flaws(String name, Topic topic, int partitions, int replicas, Map<String, String> config) {
        TopicFlaws flaws = new TopicFlaws();
        if (partitions != partitions(topic) && !isFree(topic)) {
            flaws.losing(new Problem(
                    name + ", partitions",
                    Integer.toString(partitions),
                    partitions(topic) + "; a topic's records keep their order in a partition only"));
        }
        if (replicas < replication) {
            flaws.harmless(new Problem(name + ", replicas", Integer.toString(replicas), "at least " + replication));
        }
        if (config.isEmpty()) {
            return flaws;
        }
        String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        boolean compacts = policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
        if (topic.retention() == Topic.Retention.COMPACTED) {
            if (!compacts || deletes) {
                flaws.losing(policy(name, config, TopicConfig.CLEANUP_POLICY_COMPACT));
            }
            return flaws;
        }
        if (compacts) {
            flaws.losing(policy(name, config, TopicConfig.CLEANUP_POLICY_DELETE));
        }
        checkTime(name, topic, config, flaws);
        checkBytes(name, topic, config, flaws);
        return flaws;
    }

    private static Problem policy(String name, Map<String, String> config, String expected) {
        String key = TopicConfig.CLEANUP_POLICY_CONFIG;
        return new Problem(name + ", " + key, config.getOrDefault(key, "not set"), expected);
    }

    private void checkTime(String name, Topic topic, Map<String, String> config, TopicFlaws flaws) {
        Optional<Duration> kept = retention(config);
        if (kept.isEmpty()) {
            return;
        }
        String given = Long.toString(kept.get().toMillis());
        String setting = name + ", " + TopicConfig.RETENTION_MS_CONFIG;
        if (topic.retention() == Topic.Retention.FOREVER) {
            flaws.losing(
                    new Problem(setting, given, FOREVER + ", for ever: what was learned is a function of this log"));
            return;
        }
        if (kept.get().compareTo(retention) < 0) {
            Problem problem = new Problem(
                    setting, given, "at least " + retention.toMillis() + " (" + retention.toDays() + " days)");
            flaws.add(problem, isInput(topic) && kept.get().compareTo(OUTAGE) < 0);
        }
    }

    private static void checkBytes(String name, Topic topic, Map<String, String> config, TopicFlaws flaws) {
        String given = config.getOrDefault(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
        if (!given.equals(FOREVER)) {
            Problem problem = new Problem(
                    name + ", " + TopicConfig.RETENTION_BYTES_CONFIG, given, FOREVER + ", no bound by size");
            flaws.add(problem, isInput(topic) || topic.retention() == Topic.Retention.FOREVER);
        }
    }

    /** What of an existing topic's configuration is wrong and can be set right while it stands: key to value. */
    Map<String, String> mending(TopicState state) {
        Map<String, String> right = new TreeMap<>(config(state.topic()));
        if (state.topic().retention() != Topic.Retention.COMPACTED) {
            right.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            right.put(TopicConfig.RETENTION_BYTES_CONFIG, FOREVER);
        }
        right.keySet()
                .removeIf(key -> state.problems().stream()
                        .noneMatch(problem -> problem.name().equals(state.name() + ", " + key)));
        return right;
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(new Problem(name, value.toString(), expected).toString());
        }
    }
}
