package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.PartAccess;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a part is told before it starts on brokers that want credentials and have access rules. */
@TestInstance(Lifecycle.PER_CLASS)
class PartAccessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "hush-hush-7f3c";
    private static final String PREFIX = "team.";

    @TempDir
    private static Path directory;

    private SecuredKafka kafka;

    @BeforeAll
    void start() throws Exception {
        kafka = SecuredKafka.start(directory, PASSWORD);
        try (TopicAdmin admin = new TopicAdmin(settings(SecuredKafka.ADMIN, PASSWORD))) {
            admin.createMissing(TopicPlan.small(1));
        }
        for (Part part : Part.values()) {
            kafka.user(part.text(), PASSWORD);
        }
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    private KafkaSettings settings(String user, String password) {
        return new KafkaSettings(kafka.client(user, password), PREFIX);
    }

    @ParameterizedTest
    @EnumSource
    void aPartThatMissesOneRuleIsToldWhich(Part part) throws Exception {
        KafkaSettings settings = settings(part.text(), PASSWORD);
        List<AclBinding> rules = part.acls(settings, "User:" + part.text());
        kafka.admin().createAcls(rules).all().get();
        awaitProblems(settings, part, List.of());
        for (AclBinding rule : rules) {
            if (isNeeded(rule)) {
                kafka.admin().deleteAcls(List.of(rule.toFilter())).all().get();
                awaitProblems(settings, part, List.of(told(part, rule)));
                kafka.admin().createAcls(List.of(rule)).all().get();
                awaitProblems(settings, part, List.of());
            }
        }
    }

    /** Without the others it does its work, and checks or tells less. */
    private static boolean isNeeded(AclBinding rule) {
        return Set.of(ResourceType.TOPIC, ResourceType.TRANSACTIONAL_ID)
                        .contains(rule.pattern().resourceType())
                && Set.of(AclOperation.READ, AclOperation.WRITE)
                        .contains(rule.entry().operation());
    }

    private static String told(Part part, AclBinding rule) {
        String resource = switch (rule.pattern().resourceType()) {
            case TOPIC -> "topic " + rule.pattern().name();
            case TRANSACTIONAL_ID -> "transactional ids " + rule.pattern().name() + "*";
            default -> throw new AssertionError(rule);
        };
        return "%s: %s not allowed (expected: an access rule, as 'millrace topics --acl %s=User:%s --create' makes them)"
                .formatted(resource, rule.entry().operation(), part.text(), part.text());
    }

    @Test
    void aUserWithoutAnyRuleIsToldAllOfThemAtOnce() throws Exception {
        kafka.user("stranger", PASSWORD);
        KafkaSettings settings = settings("stranger", PASSWORD);
        assertThat(problems(settings, Part.COLLECTOR))
                .hasSize(11)
                .anyMatch(problem -> problem.startsWith("topic team.feedback: WRITE not allowed"))
                .anyMatch(problem -> problem.startsWith("topic team.schemas: DESCRIBE not allowed"));
    }

    @Test
    void aWrongPasswordIsToldWithItsUserAndNotShown() throws Exception {
        String expected =
                "kafka.sasl.jaas.config: user serving, password **** (expected: a user and a password that the"
                        + " brokers know; they say: Authentication failed during authentication due to invalid credentials with SASL"
                        + " mechanism SCRAM-SHA-512)";
        assertThat(problems(settings("serving", "hush-wrong"), Part.SERVING)).containsExactly(expected);
    }

    @Test
    void certificatesThatAreNotTrustedAreTold() throws Exception {
        assertThat(problems(changed("ssl.truststore.location", null), Part.SERVING))
                .containsExactly("kafka.ssl.*: unable to find valid certification path to requested target (expected:"
                        + " certificates that this client and the brokers take from each other)");
    }

    @Test
    void aMechanismThatTheBrokersDoNotKnowIsTold() throws Exception {
        assertThat(problems(changed("sasl.mechanism", "SCRAM-SHA-256"), Part.SERVING))
                .singleElement()
                .asString()
                .startsWith("kafka.sasl.mechanism: refused (expected: one that the brokers know; they say: ")
                .contains("[SCRAM-SHA-512]");
    }

    @Test
    void ofALoginModuleThatCannotBeReadNothingIsShown() throws Exception {
        String unquoted =
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\" password=my hush;";
        assertThat(problems(changed("sasl.jaas.config", unquoted), Part.SERVING))
                .singleElement()
                .asString()
                .startsWith("kafka.sasl.jaas.config: **** (expected: a login module")
                .doesNotContain("hush");
    }

    @Test
    void brokersThatDoNotAnswerAreToldWithTheProtocolThatWasTried() {
        Map<String, String> client =
                new TreeMap<>(changed("security.protocol", "PLAINTEXT").client());
        client.put("default.api.timeout.ms", "3000");
        client.put("request.timeout.ms", "1000");
        assertThatThrownBy(() -> PartAccess.check(new KafkaSettings(client, PREFIX), Part.SERVING))
                .isInstanceOf(TimeoutException.class)
                .hasMessageStartingWith("no answer from " + client.get("bootstrap.servers") + " by PLAINTEXT: ");
    }

    @Test
    void brokersWithoutAccessRulesAndThoseWithoutTopicsAreNoProblem() throws Exception {
        try (TestingKafka open = TestingKafka.start(1)) {
            KafkaSettings elsewhere = new KafkaSettings(open.settings().client(), "nobody.");
            for (Part part : Part.values()) {
                assertThatCode(() -> PartAccess.check(open.settings(), part)).doesNotThrowAnyException();
                assertThatCode(() -> PartAccess.check(elsewhere, part)).doesNotThrowAnyException();
            }
        }
    }

    private KafkaSettings changed(String key, String value) {
        Map<String, String> client = new TreeMap<>(kafka.client("serving", PASSWORD));
        if (value == null) {
            client.keySet().removeIf(each -> each.startsWith("ssl.truststore"));
        } else {
            client.put(key, value);
        }
        return new KafkaSettings(client, PREFIX);
    }

    /** Brokers learn of a rule some moments after their controller. */
    private static void awaitProblems(KafkaSettings settings, Part part, List<String> expected) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> found = problems(settings, part);
        while (!found.equals(expected) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            found = problems(settings, part);
        }
        assertThat(found).isEqualTo(expected);
    }

    private static List<String> problems(KafkaSettings settings, Part part) throws InterruptedException {
        try {
            PartAccess.check(settings, part);
            return List.of();
        } catch (DeploymentException e) {
            List<String> lines =
                    new ArrayList<>(e.getMessage().lines().map(String::strip).toList());
            assertThat(lines.remove(0)).isEqualTo("deployment:");
            return lines;
        }
    }
}
