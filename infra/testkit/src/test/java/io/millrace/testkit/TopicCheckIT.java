package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicCheck;
import io.millrace.wire.kafka.TopicPlan;
import io.millrace.wire.kafka.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicCheckIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final TopicCheck JOIN = new TopicCheck(Part.JOIN, TopicPlan.RETENTION, DAY);

    @ParameterizedTest
    @EnumSource(Part.class)
    void whatAPlanCreatesIsFineForEveryPart(Part part) throws Exception {
        try (TestingKafka kafka = TestingKafka.start(3)) {
            assertThatCode(() -> new TopicCheck(part, TopicPlan.RETENTION, DAY).run(kafka.settings()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void tellsAllThatLosesRecordsAtOnceAndWhatMendsIt() throws Exception {
        try (TestingKafka kafka = TestingKafka.empty(Map.of("transaction.max.timeout.ms", "900000"));
                Admin other = Admin.create(kafka.settings().admin())) {
            create(
                    other,
                    topic("t.schemas", 1, Map.of("cleanup.policy", "delete")),
                    topic("t.decisions", 4, Map.of("retention.bytes", "1000000")),
                    topic("t.feedback", 4, Map.of("retention.ms", "3600000")),
                    topic("t.examples", 5, Map.of("retention.ms", "604800000")),
                    topic("t.outcomes", 1, Map.of("retention.ms", "3600000")));
            KafkaSettings settings = new KafkaSettings(kafka.settings().client(), "t.");
            DeploymentException refused = catchThrowableOfType(DeploymentException.class, () -> JOIN.run(settings));
            String topics = "millrace topics --kafka "
                    + kafka.settings().client().get("bootstrap.servers") + " --topics-prefix t. --spec FILE";
            assertThat(refused.getMessage().lines())
                    .containsExactly(
                            "topics of join:",
                            "  t.decisions, partitions: 4 (expected: 1; a topic's records keep their order in a partition only)",
                            "  t.decisions, retention.bytes: 1000000 (expected: -1, no bound by size)",
                            "  t.feedback, retention.ms: 3600000 (expected: at least 604800000 (7 days))",
                            "  t.examples, retention.ms: 604800000 (expected: -1, for ever: what was learned is a function of this log)",
                            "  t.dead-letters: missing (expected: a topic that this principal may describe)",
                            "  t.schemas, cleanup.policy: delete (expected: compact)",
                            "  broker 1, transaction.max.timeout.ms: 900000 (expected: at least 86400000, how long the join's transactions stay open)",
                            "what is missing is made by: " + topics + " --create",
                            "compaction and retention are set right by: " + topics + " --mend",
                            "partitions cannot be taken away; delete t.decisions, with what is in it, and: " + topics
                                    + " --create",
                            "brokers read transaction.max.timeout.ms when they start, from server.properties; where it cannot be changed, --transaction-timeout says for how long the join may be down instead");
        }
    }

    @Test
    void whatMendsMendsAndShortensNothing() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1);
                Admin other = Admin.create(kafka.settings().admin());
                TopicAdmin admin = new TopicAdmin(kafka.settings())) {
            other.deleteTopics(List.of("schemas", "feedback", "examples")).all().get();
            while (other.listTopics().names().get().size() > Topic.values().length - 3) {
                Thread.onSpinWait();
            }
            create(
                    other,
                    topic("schemas", 1, Map.of("cleanup.policy", "delete")),
                    topic("feedback", 1, Map.of("retention.ms", "7776000000", "retention.bytes", "1000")),
                    topic("examples", 1, Map.of("retention.ms", "604800000", "retention.bytes", "1000")));
            assertThatThrownBy(() -> JOIN.run(kafka.settings())).isInstanceOf(DeploymentException.class);
            assertThat(admin.mend(TopicPlan.small(1)))
                    .containsExactlyInAnyOrder(Topic.SCHEMAS, Topic.FEEDBACK, Topic.EXAMPLES);
            assertThatCode(() -> JOIN.run(kafka.settings())).doesNotThrowAnyException();
            TopicState feedback = admin.survey(TopicPlan.small(1)).get(Topic.FEEDBACK.ordinal());
            assertThat(feedback.config()).containsEntry("retention.ms", "7776000000");
            assertThat(admin.mend(TopicPlan.small(1))).isEmpty();
        }
    }

    @Test
    void whatLosesNothingDoesNotKeepAPartFromStarting() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1)) {
            TopicCheck wishesForMore = new TopicCheck(Part.JOIN, Duration.ofDays(60), DAY);
            assertThatCode(() -> wishesForMore.run(kafka.settings())).doesNotThrowAnyException();
        }
    }

    @Test
    void aPrincipalThatMayNotSeeConfigurationsGoesOn() throws Exception {
        Map<String, String> authorizer = Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true",
                "transaction.max.timeout.ms", "900000");
        try (TestingKafka kafka = TestingKafka.empty(authorizer);
                Admin other = Admin.create(kafka.settings().admin());
                TopicAdmin admin = new TopicAdmin(kafka.settings())) {
            admin.createMissing(TopicPlan.small(1));
            other.deleteTopics(List.of("feedback")).all().get();
            while (other.listTopics().names().get().contains("feedback")) {
                Thread.onSpinWait();
            }
            create(other, topic("feedback", 1, Map.of("retention.ms", "3600000")));
            assertThatThrownBy(() -> JOIN.run(kafka.settings()))
                    .hasMessageContaining("feedback, retention.ms: 3600000")
                    .hasMessageContaining("transaction.max.timeout.ms: 900000");
            other.createAcls(Stream.of(
                                    new ResourcePattern(ResourceType.TOPIC, "feedback", PatternType.LITERAL),
                                    new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL))
                            .flatMap(resource -> Stream.of(
                                    rule(resource, AclOperation.ALL, AclPermissionType.ALLOW),
                                    rule(resource, AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY)))
                            .toList())
                    .all()
                    .get();
            while (admin.survey(TopicPlan.small(1))
                    .get(Topic.FEEDBACK.ordinal())
                    .isDescribed()) {
                Thread.onSpinWait();
            }
            assertThatCode(() -> JOIN.run(kafka.settings())).doesNotThrowAnyException();
        }
    }

    private static AclBinding rule(ResourcePattern resource, AclOperation operation, AclPermissionType type) {
        return new AclBinding(resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, type));
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> config) {
        return new NewTopic(name, partitions, (short) 1).configs(config);
    }

    private static void create(Admin admin, NewTopic... topics) throws Exception {
        List<NewTopic> wanted = List.of(topics);
        admin.createTopics(wanted).all().get();
        List<String> names = wanted.stream().map(NewTopic::name).toList();
        while (!admin.listTopics().names().get().containsAll(names)) {
            Thread.onSpinWait();
        }
    }
}
