package io.millrace.wire.kafka;

import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The parts of a loop that can run each on its own, and what each of them may do in Kafka. */
public enum Part {
    COLLECTOR(
            Set.of(Topic.DECISIONS, Topic.FEEDBACK), Set.of(Topic.FEEDBACK, Topic.EVENTS, Topic.ITEMS, Topic.SCHEMAS)),
    /** It reads what it writes, too: when it starts, its sink asks which transactions are open there. */
    JOIN(
            Set.of(Topic.DECISIONS, Topic.FEEDBACK, Topic.EXAMPLES, Topic.OUTCOMES, Topic.DEAD_LETTERS, Topic.SCHEMAS),
            Set.of(Topic.EXAMPLES, Topic.OUTCOMES, Topic.DEAD_LETTERS, Topic.SCHEMAS)),
    FEATURES(
            Set.of(Topic.OUTCOMES, Topic.EVENTS, Topic.SCHEMAS),
            Set.of(Topic.FEATURE_VALUES, Topic.DEAD_LETTERS, Topic.SCHEMAS)),
    HISTORY(
            Set.of(Topic.EVENTS, Topic.DECISIONS, Topic.FEEDBACK, Topic.OUTCOMES, Topic.EXAMPLES, Topic.SCHEMAS),
            Set.of(Topic.DEAD_LETTERS, Topic.SCHEMAS)),
    LEARN(
            Set.of(Topic.EXAMPLES, Topic.MODEL_CONTROL, Topic.SCHEMAS),
            Set.of(
                    Topic.MODEL_MANIFESTS,
                    Topic.MODEL_UPDATES,
                    Topic.METRICS,
                    Topic.ALERTS,
                    Topic.DEAD_LETTERS,
                    Topic.SCHEMAS)),
    SERVING(
            Set.of(
                    Topic.MODEL_CONTROL,
                    Topic.MODEL_MANIFESTS,
                    Topic.MODEL_UPDATES,
                    Topic.OUTCOMES,
                    Topic.FEATURE_VALUES,
                    Topic.DECISIONS,
                    Topic.SCHEMAS),
            Set.of(Topic.DECISIONS, Topic.NAMES, Topic.ALERTS, Topic.DEAD_LETTERS, Topic.SCHEMAS)),
    /** Beside these it reads the topics that the spec names: {@link #aclsOfSource}. */
    SOURCES(
            Set.of(Topic.SOURCE_OFFSETS),
            Set.of(
                    Topic.EVENTS,
                    Topic.ITEMS,
                    Topic.FEEDBACK,
                    Topic.DECISIONS,
                    Topic.NAMES,
                    Topic.SOURCE_OFFSETS,
                    Topic.DEAD_LETTERS,
                    Topic.SCHEMAS)),
    CONSISTENCY(
            Set.of(
                    Topic.DECISIONS,
                    Topic.FEATURE_VALUES,
                    Topic.EVENTS,
                    Topic.OUTCOMES,
                    Topic.MODEL_MANIFESTS,
                    Topic.SCHEMAS),
            Set.of(Topic.METRICS, Topic.ALERTS));

    private static final String ANY_HOST = "*";

    private final Set<Topic> reads;
    private final Set<Topic> writes;

    Part(Set<Topic> reads, Set<Topic> writes) {
        this.reads = reads;
        this.writes = writes;
    }

    /** Its name in commands and settings. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The part of that name. */
    public static Optional<Part> of(String text) {
        return Arrays.stream(values()).filter(part -> part.text().equals(text)).findFirst();
    }

    /** All names. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(Part::text).collect(Collectors.toList());
    }

    /** How the ids of the join's transactions begin: its own in the Kafka cluster, and the same over restarts. */
    public static String transactionalIdPrefix(KafkaSettings settings) {
        return JOIN.transactionalPrefix(settings);
    }

    /** How the ids of its transactions begin, where it writes any, and of the groups whose offsets it keeps. */
    public String transactionalPrefix(KafkaSettings settings) {
        return settings.prefix() + (this == SOURCES ? "millrace-source" : "millrace-join");
    }

    /** The access rules that who reads sources needs for one of their topics. */
    public static List<AclBinding> aclsOfSource(String topic, String principal) {
        ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        return List.of(allow(pattern, principal, AclOperation.READ), allow(pattern, principal, AclOperation.DESCRIBE));
    }

    /** The consumer group in which the job of streaming features tells how far it has read. */
    public static String featuresGroup(KafkaSettings settings) {
        return settings.prefix() + "millrace-features";
    }

    /** The consumer group in which the history tells how far it has read. */
    public static String historyGroup(KafkaSettings settings) {
        return settings.prefix() + "millrace-history";
    }

    /** The access rules that it needs, for a principal like {@code User:serving}. */
    public List<AclBinding> acls(KafkaSettings settings, String principal) {
        List<AclBinding> rules = new ArrayList<>();
        for (Topic topic : topics()) {
            ResourcePattern pattern =
                    new ResourcePattern(ResourceType.TOPIC, settings.name(topic), PatternType.LITERAL);
            operations(topic).forEach(operation -> rules.add(allow(pattern, principal, operation)));
            rules.add(allow(pattern, principal, AclOperation.DESCRIBE_CONFIGS));
        }
        if (this == COLLECTOR) {
            // How far the join has read.
            ResourcePattern join =
                    new ResourcePattern(ResourceType.GROUP, transactionalIdPrefix(settings), PatternType.LITERAL);
            rules.add(allow(join, principal, AclOperation.DESCRIBE));
        }
        if (this == FEATURES || this == HISTORY) {
            String name = this == FEATURES ? featuresGroup(settings) : historyGroup(settings);
            ResourcePattern group = new ResourcePattern(ResourceType.GROUP, name, PatternType.LITERAL);
            rules.add(allow(group, principal, AclOperation.READ));
        }
        if (isTransactional()) {
            String prefix = transactionalPrefix(settings);
            ResourcePattern ids = new ResourcePattern(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED);
            rules.add(allow(ids, principal, AclOperation.WRITE));
            rules.add(allow(ids, principal, AclOperation.DESCRIBE));
            ResourcePattern group = new ResourcePattern(ResourceType.GROUP, prefix, PatternType.PREFIXED);
            rules.add(allow(group, principal, AclOperation.READ));
        }
        if (this == JOIN) {
            ResourcePattern cluster =
                    new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);
            rules.add(allow(cluster, principal, AclOperation.DESCRIBE_CONFIGS));
        }
        return rules;
    }

    /** The topics that it reads or writes, in the catalogue's order. */
    List<Topic> topics() {
        return Arrays.stream(Topic.values())
                .filter(topic -> reads.contains(topic) || writes.contains(topic))
                .toList();
    }

    /** What it does with one of its topics. */
    List<AclOperation> operations(Topic topic) {
        List<AclOperation> operations = new ArrayList<>();
        if (reads.contains(topic)) {
            operations.add(AclOperation.READ);
        }
        if (writes.contains(topic)) {
            operations.add(AclOperation.WRITE);
        }
        operations.add(AclOperation.DESCRIBE);
        return operations;
    }

    /** Whether it writes in transactions. */
    boolean isTransactional() {
        return this == JOIN || this == SOURCES;
    }

    private static AclBinding allow(ResourcePattern pattern, String principal, AclOperation operation) {
        return new AclBinding(pattern, new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
    }
}
