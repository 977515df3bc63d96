package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Looks after the catalogue's topics. Safe for use by several threads. */
public final class TopicAdmin implements AutoCloseable {
    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";
    private static final short LATEST_SAFE = 1;

    private static final long KNOWN_NANOS = 30_000_000_000L;
    private static final long LOOK_AGAIN_MS = 20;

    private final KafkaSettings settings;
    private final Admin admin;

    public TopicAdmin(KafkaSettings settings) {
        this.settings = settings;
        this.admin = Admin.create(settings.admin());
    }

    /**
     * Creates the topics that do not exist, as planned; those that do are left as they are. Returns when the brokers know them.
     *
     * @return those that were created
     */
    public List<Topic> createMissing(TopicPlan plan) throws InterruptedException {
        Set<String> existing = existing();
        List<Topic> missing = Arrays.stream(Topic.values())
                .filter(topic -> !existing.contains(settings.name(topic)))
                .toList();
        List<NewTopic> wanted = missing.stream()
                .map(topic -> plan.newTopic(settings.name(topic), topic))
                .toList();
        List<Topic> created = new ArrayList<>();
        Map<String, KafkaFuture<Void>> results = admin.createTopics(wanted).values();
        for (Topic topic : missing) {
            try {
                results.get(settings.name(topic)).get();
                created.add(topic);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failure("topic " + settings.name(topic) + " could not be created", e);
                }
            }
        }
        List<String> names = created.stream().map(settings::name).toList();
        awaitKnown(names);
        awaitLeaders(names);
        return created;
    }

    /** The names of the catalogue's topics that do not exist, in the catalogue's order. */
    public List<String> missing() throws InterruptedException {
        Set<String> existing = existing();
        return Arrays.stream(Topic.values())
                .map(settings::name)
                .filter(name -> !existing.contains(name))
                .toList();
    }

    /** A broker learns of a topic some moments after its controller has made it. */
    private void awaitKnown(List<String> names) throws InterruptedException {
        long end = System.nanoTime() + KNOWN_NANOS;
        while (!existing().containsAll(names)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "topics " + names + ": created, but not known to the brokers after 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
    }

    /**
     * And it leads a partition some moments after that. A producer that does not wait may have its first batch refused and the
     * second taken, and the first is then out of order for ever.
     */
    private void awaitLeaders(List<String> names) throws InterruptedException {
        try {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            admin.describeTopics(names)
                    .allTopicNames()
                    .get()
                    .forEach((name, description) -> description
                            .partitions()
                            .forEach(info ->
                                    asked.put(new TopicPartition(name, info.partition()), OffsetSpec.latest())));
            admin.listOffsets(asked).all().get();
        } catch (ExecutionException e) {
            throw failure("topics " + names + ": created, but their partitions have no leaders", e);
        }
    }

    /** Every topic of the catalogue as it is, and what is wrong with it, in the catalogue's order. */
    public List<TopicState> survey(TopicPlan plan) throws InterruptedException {
        return survey(plan, EnumSet.allOf(Topic.class));
    }

    /** The same of some topics. */
    List<TopicState> survey(TopicPlan plan, Collection<Topic> topics) throws InterruptedException {
        Set<String> existing = existing();
        List<Topic> there = topics.stream()
                .filter(topic -> existing.contains(settings.name(topic)))
                .sorted()
                .toList();
        Map<String, TopicDescription> descriptions = descriptions(there);
        Map<String, Map<String, String>> configs = configs(there);
        List<TopicState> states = new ArrayList<>();
        for (Topic topic : topics.stream().sorted().toList()) {
            String name = settings.name(topic);
            states.add(
                    there.contains(topic)
                            ? state(plan, topic, descriptions.get(name), configs.getOrDefault(name, Map.of()))
                            : TopicState.missing(topic, name));
        }
        return states;
    }

    private static TopicState state(
            TopicPlan plan, Topic topic, TopicDescription description, Map<String, String> config) {
        String name = description.name();
        int partitions = description.partitions().size();
        int replicas = description.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        TopicFlaws flaws = plan.flaws(name, topic, partitions, replicas, config);
        Map<String, String> shown = new HashMap<>();
        if (!config.isEmpty()) {
            plan.config(topic).keySet().forEach(key -> shown.put(key, config.getOrDefault(key, "not set")));
        }
        return new TopicState(topic, name, partitions, replicas, shown, flaws.all(), flaws.losing());
    }

    /**
     * Sets compaction and retention of topics that exist as planned, where they are wrong; partitions and copies stay.
     *
     * @return those that were changed
     */
    public List<Topic> mend(TopicPlan plan) throws InterruptedException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        List<Topic> mended = new ArrayList<>();
        for (TopicState state : survey(plan)) {
            List<AlterConfigOp> operations = plan.mending(state).entrySet().stream()
                    .map(entry -> new AlterConfigOp(
                            new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                    .toList();
            if (!operations.isEmpty()) {
                changes.put(new ConfigResource(ConfigResource.Type.TOPIC, state.name()), operations);
                mended.add(state.topic());
            }
        }
        try {
            admin.incrementalAlterConfigs(changes).all().get();
        } catch (ExecutionException e) {
            throw failure("topics " + mended + " could not be mended", e);
        }
        awaitMended(plan);
        return mended;
    }

    /** A broker learns of a change some moments after its controller has made it. */
    private void awaitMended(TopicPlan plan) throws InterruptedException {
        long end = System.nanoTime() + KNOWN_NANOS;
        while (!survey(plan).stream().allMatch(state -> plan.mending(state).isEmpty())) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("topics: mended, but not so at the brokers after 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
    }

    /** Creates access rules, or the same once more. */
    public void createAcls(Collection<AclBinding> rules) throws InterruptedException {
        try {
            admin.createAcls(rules).all().get();
        } catch (ExecutionException e) {
            throw failure("access rules could not be created", e);
        }
    }

    /**
     * What is wrong with how the brokers do transactions, if anything: after a failure, the join commits once more what a
     * checkpoint holds, which brokers answer in a way that its sink understands up to version 1.
     */
    public Optional<Problem> transactionProblem() throws InterruptedException {
        try {
            FinalizedVersionRange version = admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get(TRANSACTION_VERSION);
            if (version == null || version.maxVersionLevel() <= LATEST_SAFE) {
                return Optional.empty();
            }
            return Optional.of(new Problem(
                    TRANSACTION_VERSION,
                    Short.toString(version.maxVersionLevel()),
                    LATEST_SAFE + ", by 'kafka-features.sh downgrade --feature " + TRANSACTION_VERSION + "="
                            + LATEST_SAFE + "'; docs/guarantees.md says why"));
        } catch (ExecutionException e) {
            throw failure("the brokers' features could not be read", e);
        }
    }

    /**
     * Brokers on which a transaction may not stay open for so long.
     *
     * @return nothing where the principal may not see the brokers' configuration
     */
    Optional<List<Problem>> transactionTimeoutProblems(Duration wanted) throws InterruptedException {
        try {
            List<ConfigResource> brokers = admin.describeCluster().nodes().get().stream()
                    .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                    .toList();
            List<Problem> problems = new ArrayList<>();
            for (Map.Entry<ConfigResource, Config> broker :
                    admin.describeConfigs(brokers).all().get().entrySet()) {
                ConfigEntry entry = broker.getValue().get(MAX_TRANSACTION_TIMEOUT);
                if (entry != null && entry.value() != null && Long.parseLong(entry.value()) < wanted.toMillis()) {
                    problems.add(new Problem(
                            "broker " + broker.getKey().name() + ", " + MAX_TRANSACTION_TIMEOUT,
                            entry.value(),
                            "at least " + wanted.toMillis() + ", how long the join's transactions stay open"));
                }
            }
            return Optional.of(problems);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw failure("the brokers' configuration could not be read", e);
        }
    }

    /** The id that Kafka gave the topic when it was created: part of a model's lineage. */
    public Uuid topicId(Topic topic) throws InterruptedException {
        return description(topic).topicId();
    }

    /** How long topics keep their records, nothing for ever; without those whose configuration the principal may not see. */
    public Map<Topic, Optional<Duration>> retention(Collection<Topic> topics) throws InterruptedException {
        Map<String, Map<String, String>> configs = configs(topics);
        Map<Topic, Optional<Duration>> kept = new EnumMap<>(Topic.class);
        for (Topic topic : topics) {
            Map<String, String> config = configs.get(settings.name(topic));
            if (config != null) {
                kept.put(topic, TopicPlan.retention(config));
            }
        }
        return kept;
    }

    /** How many partitions the topic has. */
    public int partitions(Topic topic) throws InterruptedException {
        return description(topic).partitions().size();
    }

    /**
     * One offset of each partition; -1 where there is none, as for a time that no record reaches.
     *
     * @param isolation whether what transactions have not committed counts
     */
    public Map<Integer, Long> offsets(Topic topic, OffsetSpec spec, IsolationLevel isolation)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        description(topic)
                .partitions()
                .forEach(info -> asked.put(new TopicPartition(settings.name(topic), info.partition()), spec));
        try {
            Map<Integer, Long> offsets = new HashMap<>();
            admin.listOffsets(asked, new ListOffsetsOptions(isolation))
                    .all()
                    .get()
                    .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
            return offsets;
        } catch (ExecutionException e) {
            throw failure("offsets of topic " + settings.name(topic), e);
        }
    }

    private Set<String> existing() throws InterruptedException {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            throw failure("topics could not be listed", e);
        }
    }

    private TopicDescription description(Topic topic) throws InterruptedException {
        return descriptions(List.of(topic)).get(settings.name(topic));
    }

    /** By name. */
    private Map<String, TopicDescription> descriptions(Collection<Topic> topics) throws InterruptedException {
        List<String> names = topics.stream().map(settings::name).toList();
        try {
            return admin.describeTopics(names).allTopicNames().get();
        } catch (ExecutionException e) {
            throw failure((names.size() == 1 ? "topic " : "topics ") + String.join(", ", names), e);
        }
    }

    /** By name; without those that the principal may not see. */
    private Map<String, Map<String, String>> configs(Collection<Topic> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, settings.name(topic)))
                .toList();
        Map<String, Map<String, String>> configs = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> described :
                admin.describeConfigs(resources).values().entrySet()) {
            try {
                Map<String, String> entries = new HashMap<>();
                for (ConfigEntry entry : described.getValue().get().entries()) {
                    if (entry.value() != null) {
                        entries.put(entry.name(), entry.value());
                    }
                }
                configs.put(described.getKey().name(), entries);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw failure(
                            "the configuration of topic " + described.getKey().name() + " could not be read", e);
                }
            }
        }
        return configs;
    }

    private static IllegalStateException failure(String what, ExecutionException e) {
        return new IllegalStateException(what + ": " + e.getCause().getMessage(), e.getCause());
    }

    @Override
    public void close() {
        admin.close();
    }
}
