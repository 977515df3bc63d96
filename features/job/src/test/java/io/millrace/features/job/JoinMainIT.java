package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.TestingKafka;
import io.millrace.wire.kafka.DeploymentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinMainIT {
    private static final String SPEC = """
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            """;

    @TempDir
    private Path directory;

    @Test
    void isNotSubmittedWhereTopicsAreMissing() throws Exception {
        try (TestingKafka kafka = TestingKafka.empty(Map.of())) {
            assertThatThrownBy(() -> JoinMain.main(arguments(kafka)))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("decisions: missing")
                    .hasMessageContaining("examples: missing")
                    .hasMessageContaining("millrace topics --config FILE --spec FILE --create");
        }
    }

    @Test
    void isNotSubmittedWhereABrokerWouldEndItsTransactionsTooSoon() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1)) {
            assertThatThrownBy(() -> JoinMain.main(arguments(kafka, "--transaction-timeout", "691200000")))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining(
                            "broker 1, transaction.max.timeout.ms: 604800000 (expected: at least 691200000, how long");
        }
    }

    private String[] arguments(TestingKafka kafka, String... more) throws Exception {
        Path spec = Files.writeString(directory.resolve("movies.yaml"), SPEC);
        Path config = Files.writeString(
                directory.resolve("millrace.properties"),
                "kafka.client.id=join\nkafka.bootstrap.servers="
                        + kafka.settings().client().get("bootstrap.servers") + "\n");
        String[] all = new String[4 + more.length];
        System.arraycopy(new String[] {"--spec", spec.toString(), "--config", config.toString()}, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }
}
