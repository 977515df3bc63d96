package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.job.history.HistoryMain;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.kafka.DeploymentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryMainIT {
    @TempDir
    private Path directory;

    @Test
    void isNotSubmittedWhereTopicsAreMissing() throws Exception {
        String spec = Files.writeString(directory.resolve("movies.yaml"), """
                        pipeline: movies
                        decision: {subject: user, candidate: {item: categorical}}
                        feedback: {reward: {click: 1}}
                        """).toString();
        try (TestingKafka kafka = TestingKafka.empty(Map.of())) {
            String config = Files.writeString(
                            directory.resolve("millrace.properties"),
                            "kafka.bootstrap.servers="
                                    + kafka.settings().client().get("bootstrap.servers") + "\n")
                    .toString();
            String to = directory.resolve("history").toUri().toString();
            assertThatThrownBy(() -> HistoryMain.main(new String[] {"--spec", spec, "--config", config, "--to", to}))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("events: missing")
                    .hasMessageContaining("examples: missing");
        }
    }
}
