package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers, before a part starts, whether they let it in and allow all that it will ever do: a rule that is missing
 * would otherwise show when it is first needed, which for an alert or a dead letter is the wrong moment.
 */
public final class PartAccess {
    /** What stands behind the prefix of the part's own transactional ids: no transaction is ever begun under it. */
    private static final String PROBE = "-access";

    private final KafkaSettings kafka;
    private final Part part;
    private final List<Problem> problems = new ArrayList<>();

    private PartAccess(KafkaSettings kafka, Part part) {
        this.kafka = kafka;
        this.part = part;
    }

    /**
     * Returns if the brokers allow everything, or know no access rules; topics that do not exist are passed over.
     *
     * @throws DeploymentException with everything that is not allowed, or with what is wrong with the credentials
     * @throws KafkaException if no broker answers in time
     */
    public static void check(KafkaSettings kafka, Part part) throws DeploymentException, InterruptedException {
        PartAccess access = new PartAccess(kafka, part);
        try (Admin admin = Admin.create(kafka.admin())) {
            access.checkTopics(admin);
            if (part.isTransactional()) {
                access.checkTransactions(admin);
            }
        } catch (ExecutionException | KafkaException e) {
            throw access.failure(e);
        }
        if (!access.problems.isEmpty()) {
            throw new DeploymentException(access.problems);
        }
    }

    private void checkTopics(Admin admin) throws ExecutionException, InterruptedException {
        Map<String, Topic> topics = part.topics().stream().collect(Collectors.toMap(kafka::name, topic -> topic));
        Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(
                        topics.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        for (Topic topic : part.topics()) {
            String name = kafka.name(topic);
            allowed(described.get(name))
                    .ifPresent(allowed -> part.operations(topic).stream()
                            .filter(operation -> !allowed.contains(operation))
                            .forEach(operation -> missing("topic " + name, operation)));
        }
    }

    /** What the client may do with a topic; empty where that cannot be told. */
    private static Optional<Set<AclOperation>> allowed(KafkaFuture<TopicDescription> described)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.ofNullable(described.get().authorizedOperations());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                return Optional.of(Set.of());
            }
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void checkTransactions(Admin admin) throws ExecutionException, InterruptedException {
        String prefix = part.transactionalPrefix(kafka);
        try {
            admin.fenceProducers(List.of(prefix + PROBE)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TransactionalIdAuthorizationException)) {
                throw e;
            }
            missing("transactional ids " + prefix + "*", AclOperation.WRITE);
        }
    }

    private void missing(String resource, AclOperation operation) {
        String principal = "User:" + ClientProblem.user(kafka).orElse("...");
        problems.add(new Problem(
                resource,
                operation + " not allowed",
                "an access rule, as 'millrace topics --acl " + part.text() + "=" + principal
                        + " --create' makes them"));
    }

    private DeploymentException failure(Exception e) {
        Optional<Problem> problem = ClientProblem.of(e, kafka);
        if (problem.isPresent()) {
            return new DeploymentException(List.of(problem.get()));
        }
        if (e.getCause() instanceof TimeoutException) {
            throw new TimeoutException("no answer from "
                    + kafka.client().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) + " by "
                    + kafka.client()
                            .getOrDefault(
                                    CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                                    CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
                    + ": " + e.getCause().getMessage());
        }
        throw e instanceof KafkaException known
                ? known
                : new KafkaException(e.getCause().getMessage(), e.getCause());
    }
}
