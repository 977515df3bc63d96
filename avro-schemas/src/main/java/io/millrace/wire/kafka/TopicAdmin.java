package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Looks after the catalogue's topics. Safe for use by several threads. */
public final class TopicAdmin implements AutoCloseable {
    private static final String TRANSACTION_VERSION = "transaction.version";
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
        awaitKnown(created);
        return created;
    }

    /** A broker learns of a topic some moments after its controller has made it. */
    private void awaitKnown(List<Topic> created) throws InterruptedException {
        List<String> names = created.stream().map(settings::name).toList();
        long end = System.nanoTime() + KNOWN_NANOS;
        while (!existing().containsAll(names)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "topics " + names + ": created, but not known to the brokers after 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
    }

    /** Every topic of the catalogue as it is, and what is wrong with it, in the catalogue's order. */
    public List<TopicState> survey(TopicPlan plan) throws InterruptedException {
        Set<String> existing = existing();
        List<Topic> there = Arrays.stream(Topic.values())
                .filter(topic -> existing.contains(settings.name(topic)))
                .toList();
        Map<String, Map<String, String>> configs = configs(there);
        List<TopicState> states = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            String name = settings.name(topic);
            if (!there.contains(topic)) {
                states.add(TopicState.missing(topic, name));
                continue;
            }
            TopicDescription description = description(topic);
            int partitions = description.partitions().size();
            int replicas = description.partitions().stream()
                    .mapToInt(partition -> partition.replicas().size())
                    .min()
                    .orElse(0);
            Map<String, String> config = configs.getOrDefault(name, Map.of());
            List<Problem> problems = plan.problems(name, topic, partitions, replicas, config);
            Map<String, String> shown = new HashMap<>();
            plan.config(topic).keySet().forEach(key -> shown.put(key, config.getOrDefault(key, "not set")));
            states.add(new TopicState(topic, name, partitions, replicas, shown, problems));
        }
        return states;
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

    /** The id that Kafka gave the topic when it was created: part of a model's lineage. */
    public Uuid topicId(Topic topic) throws InterruptedException {
        return description(topic).topicId();
    }

    /** How many partitions the topic has. */
    public int partitions(Topic topic) throws InterruptedException {
        return description(topic).partitions().size();
    }

    private Set<String> existing() throws InterruptedException {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            throw failure("topics could not be listed", e);
        }
    }

    private TopicDescription description(Topic topic) throws InterruptedException {
        String name = settings.name(topic);
        try {
            return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
        } catch (ExecutionException e) {
            throw failure("topic " + name, e);
        }
    }

    private Map<String, Map<String, String>> configs(List<Topic> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, settings.name(topic)))
                .toList();
        Map<String, Map<String, String>> configs = new HashMap<>();
        try {
            admin.describeConfigs(resources).all().get().forEach((resource, config) -> {
                Map<String, String> entries = new HashMap<>();
                for (ConfigEntry entry : config.entries()) {
                    if (entry.value() != null) {
                        entries.put(entry.name(), entry.value());
                    }
                }
                configs.put(resource.name(), entries);
            });
        } catch (ExecutionException e) {
            throw failure("the topics' configuration could not be read", e);
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
