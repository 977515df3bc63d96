package io.millrace.local.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartStartIT {
    private static final String LOOPBACK = "127.0.0.1";
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            """, "spec");

    @TempDir
    private Path store;

    @Test
    void partsRefuseToStartWhereTheirTopicsAreNotThere() throws Exception {
        try (TestingKafka kafka = TestingKafka.empty(Map.of())) {
            Deployment deployment = deployment(kafka);
            assertThatThrownBy(() -> CollectorPart.start(deployment, FeedbackSpec.Match.DECISION, LOOPBACK, 0))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("topics of collector:")
                    .hasMessageContaining("feedback: missing")
                    .hasMessageContaining("items: missing")
                    .hasMessageNotContaining("examples");
            assertThatThrownBy(() -> ServingPart.start(SPEC, deployment, LOOPBACK, 0))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("topics of serving:")
                    .hasMessageContaining("model-updates: missing")
                    .hasMessageContaining("--create");
        }
    }

    @Test
    void partsStartWhereTheirTopicsAreAsPlanned() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1)) {
            Deployment deployment = deployment(kafka);
            try (RunningPart collector = CollectorPart.start(deployment, FeedbackSpec.Match.DECISION, LOOPBACK, 0);
                    RunningPart serving = ServingPart.start(SPEC, deployment, LOOPBACK, 0)) {
                assertThat(collector.port()).isPositive();
                assertThat(serving.port()).isPositive();
            }
        }
    }

    private Deployment deployment(TestingKafka kafka) throws DeploymentException {
        return Deployment.read(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap.servers", kafka.settings().client().get("bootstrap.servers"),
                        "store", store.toUri().toString(),
                        "secret", "00112233445566778899aabbccddeeff"));
    }
}
