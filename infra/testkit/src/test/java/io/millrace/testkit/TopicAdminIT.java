package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import io.millrace.wire.kafka.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.Test;

class TopicAdminIT {
    @Test
    void whatAPlanCreatesIsAsPlannedAndWhatDiffersIsTold() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(2);
                TopicAdmin admin = new TopicAdmin(kafka.settings())) {
            assertThat(admin.survey(TopicPlan.small(2)))
                    .hasSize(Topic.values().length)
                    .allSatisfy(state -> {
                        assertThat(state.exists()).isTrue();
                        assertThat(state.problems()).isEmpty();
                    });
            assertThat(admin.createMissing(TopicPlan.small(3))).isEmpty();
            assertThat(admin.transactionProblem()).isEmpty();
            TopicPlan other = new TopicPlan(3, (short) 2, Duration.ofDays(30));
            assertThat(problems(admin, other, Topic.EXAMPLES))
                    .containsExactly(
                            "examples, partitions: 2 (expected: 3; a topic's records keep their order in a partition only)",
                            "examples, replicas: 1 (expected: at least 2)");
            assertThat(problems(admin, other, Topic.DECISIONS))
                    .containsExactly(
                            "decisions, replicas: 1 (expected: at least 2)",
                            "decisions, retention.ms: 604800000 (expected: at least 2592000000 (30 days))");
        }
    }

    @Test
    void topicsThatSomebodyElseMadeAreHeldAgainstThePlan() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1);
                Admin other = Admin.create(kafka.settings().admin())) {
            KafkaSettings settings = new KafkaSettings(kafka.settings().client(), "team.");
            other.createTopics(List.of(
                            new NewTopic("team.examples", 1, (short) 1).configs(Map.of("retention.ms", "3600000")),
                            new NewTopic("team.model-manifests", 1, (short) 1),
                            new NewTopic("team.decisions", 4, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact", "retention.bytes", "1000000")),
                            new NewTopic("team.feedback", 4, (short) 1)))
                    .all()
                    .get();
            while (other.listTopics().names().get().size() < Topic.values().length + 4) {
                Thread.onSpinWait();
            }
            try (TopicAdmin admin = new TopicAdmin(settings)) {
                TopicPlan plan = TopicPlan.small(1);
                assertThat(admin.survey(plan)).filteredOn(TopicState::exists).hasSize(4);
                assertThat(problems(admin, plan, Topic.EXAMPLES))
                        .containsExactly(
                                "team.examples, retention.ms: 3600000 (expected: -1, for ever: what was learned is a function of this log)");
                assertThat(problems(admin, plan, Topic.MODEL_MANIFESTS))
                        .containsExactly("team.model-manifests, cleanup.policy: delete (expected: compact)");
                assertThat(problems(admin, plan, Topic.DECISIONS))
                        .containsExactly(
                                "team.decisions, partitions: 4 (expected: 1; a topic's records keep their order in a partition only)",
                                "team.decisions, cleanup.policy: compact (expected: delete)",
                                "team.decisions, retention.bytes: 1000000 (expected: -1, no bound by size)");
                assertThat(problems(admin, plan, Topic.FEEDBACK)).isEmpty();
                assertThat(admin.createMissing(plan)).hasSize(Topic.values().length - 4);
                assertThat(admin.survey(plan)).allMatch(TopicState::exists);
            }
        }
    }

    private static List<String> problems(TopicAdmin admin, TopicPlan plan, Topic topic) throws InterruptedException {
        return admin.survey(plan).stream()
                .filter(state -> state.topic() == topic)
                .flatMap(state -> state.problems().stream())
                .map(Problem::toString)
                .toList();
    }

    @Test
    void brokersThatTheJoinCannotRelyOnAreTold() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1);
                Admin other = Admin.create(kafka.settings().admin());
                TopicAdmin admin = new TopicAdmin(kafka.settings())) {
            FeatureUpdate upgrade = new FeatureUpdate((short) 2, FeatureUpdate.UpgradeType.UPGRADE);
            other.updateFeatures(Map.of("transaction.version", upgrade), new UpdateFeaturesOptions())
                    .all()
                    .get();
            while (admin.transactionProblem().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(admin.transactionProblem().orElseThrow().toString())
                    .startsWith("transaction.version: 2 (expected: 1, by 'kafka-features.sh downgrade");
        }
    }
}
