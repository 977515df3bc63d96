package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.job.backfill.History;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.kafka.DeploymentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeaturesMainIT {
    private static final String SPEC = """
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            """;

    @TempDir
    private Path directory;

    @Test
    void isNotSubmittedWithoutAnythingToDo() throws Exception {
        String spec = Files.writeString(directory.resolve("movies.yaml"), SPEC).toString();
        assertThatThrownBy(() -> FeaturesMain.main(new String[] {"--spec", spec}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("movies.yaml: features: none (expected: at least one feature");
    }

    @Test
    void isNotSubmittedWithHalfAHistory() throws Exception {
        String spec = Files.writeString(
                        directory.resolve("movies.yaml"), SPEC + "features: {clicks: {count: click, by: item}}\n")
                .toString();
        String folder = directory.toString();
        try (TestingKafka kafka = TestingKafka.start(1)) {
            String brokers = kafka.settings().client().get("bootstrap.servers");
            String config = Files.writeString(
                            directory.resolve("millrace.properties"), "kafka.bootstrap.servers=" + brokers + "\n")
                    .toString();
            String[] known = {"--spec", spec, "--config", config};
            assertThatThrownBy(() -> FeaturesMain.main(with(known, "--history", folder)))
                    .hasMessage("--to: missing (expected: both or none of --history and --to)");
            assertThatThrownBy(() -> FeaturesMain.main(with(known, "--history", folder, "--to", "yesterday")))
                    .hasMessage("--to: yesterday (expected: RFC 3339 like 2026-01-01T00:00:00Z)");
            assertThatThrownBy(
                            () -> FeaturesMain.main(with(known, "--history", folder, "--to", "2999-01-01T00:00:00Z")))
                    .hasMessageContaining("--to: 2999-01-01T00:00:00Z (expected: not in the future; it is ");
        }
    }

    @Test
    void aHistoryThatIsGoneIsToldWhereAJobBeginsNotWhereOneGoesOn() {
        FeaturesMain.Begun begun =
                FeaturesMain.begin(directory.resolve("gone").toString(), Instant.EPOCH, history -> {});
        assertThat(begun.history()).isEqualTo(new History(List.of(), Instant.EPOCH, Set.of()));
        assertThatThrownBy(() -> begun.beginning().check()).hasMessageContaining("gone/*.avro: missing");
    }

    private static String[] with(String[] known, String... more) {
        return Stream.concat(Arrays.stream(known), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void isNotSubmittedWhereTopicsAreMissing() throws Exception {
        String spec = Files.writeString(
                        directory.resolve("movies.yaml"), SPEC + "features: {clicks: {count: click, by: item}}\n")
                .toString();
        try (TestingKafka kafka = TestingKafka.empty(Map.of())) {
            String config = Files.writeString(
                            directory.resolve("millrace.properties"),
                            "kafka.bootstrap.servers="
                                    + kafka.settings().client().get("bootstrap.servers") + "\n")
                    .toString();
            assertThatThrownBy(() -> FeaturesMain.main(new String[] {"--spec", spec, "--config", config}))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("outcomes: missing")
                    .hasMessageContaining("feature-values: missing");
        }
    }
}
