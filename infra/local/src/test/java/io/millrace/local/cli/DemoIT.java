package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    private static final int DECISIONS = 2_400;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    @Test
    void learnsFromASimulatedAudienceAndSaysSo() throws Exception {
        Path report = directory.resolve("report.json");
        try (TestingMillrace demo = TestingMillrace.start(
                directory,
                "demo",
                "--audience",
                "simulated",
                "--decisions",
                Integer.toString(DECISIONS),
                "--headless",
                "--rate",
                "120",
                "--report",
                report.toString())) {
            assertThat(demo.awaitExit(PATIENCE)).as(demo.err()).isZero();
            assertThat(demo.err()).containsPattern("(?m)^ *[0-9,]+/2,400  learned .*  model [0-9,]+  fresh .*$");
            assertThat(demo.out())
                    .contains("simulated, seed 1: 2,400 decisions and 2,400 pieces of feedback")
                    .contains("It learned.")
                    .contains("the strongest of")
                    .doesNotContain("\u001b");
        }
        assertReport(new ObjectMapper().readTree(report.toFile()));
    }

    private static void assertReport(JsonNode report) {
        assertThat(report.at("/audience").asText()).isEqualTo("simulated");
        assertThat(report.at("/seed").asLong()).isEqualTo(1);
        assertThat(report.at("/decisions").asLong()).isEqualTo(DECISIONS);
        assertThat(report.at("/feedback").asLong()).isEqualTo(DECISIONS);
        long decisions = 0;
        for (String arm : List.of("learned", "control", "popularity")) {
            JsonNode of = report.at("/arms/" + arm);
            assertThat(of.at("/shown").asLong())
                    .isPositive()
                    .isEqualTo(of.at("/decisions").asLong());
            assertThat(of.at("/reward").asDouble()).isBetween(0.0, 1.0);
            assertInterval(of.at("/ci95"), of.at("/reward").asDouble());
            decisions += of.at("/decisions").asLong();
        }
        assertThat(decisions).isEqualTo(DECISIONS);
        assertThat(report.at("/arms/learned/reward").asDouble())
                .isGreaterThan(report.at("/arms/control/reward").asDouble());
        for (String lift : List.of("lift", "lift_over_popularity")) {
            assertInterval(
                    report.at("/" + lift + "_ci95"), report.at("/" + lift).asDouble());
        }
        assertThat(report.at("/lift").asDouble()).isGreaterThan(1);
        assertThat(report.at("/second_half_lift").asDouble()).isGreaterThan(1);

        assertThat(report.at("/progressive/examples").asLong()).isEqualTo(DECISIONS);
        assertThat(report.at("/progressive/log_loss").asDouble()).isBetween(0.1, 0.7);
        assertThat(report.at("/progressive/normalized_entropy").asDouble()).isBetween(0.1, 1.0);
        assertThat(report.at("/progressive/auc").asDouble()).isBetween(0.5, 1.0);
        assertThat(report.at("/progressive/calibration").asDouble()).isBetween(0.5, 2.0);
        for (String latency : List.of("freshness_ms", "rank_ms")) {
            JsonNode of = report.at("/" + latency);
            assertThat(of.at("/count").asLong()).as(latency).isPositive();
            assertThat(of.at("/p50").asDouble()).as(latency).isPositive();
            assertThat(of.at("/p99").asDouble())
                    .as(latency)
                    .isGreaterThanOrEqualTo(of.at("/p50").asDouble());
        }
        assertThat(report.at("/rank_ms/count").asLong()).isEqualTo(DECISIONS);

        assertThat(report.at("/model/lineage").asText()).matches("[0-9a-f]{32}");
        assertThat(report.at("/model/version").asLong()).isGreaterThanOrEqualTo(DECISIONS);
        assertThat(report.at("/model/digest").asText()).matches("[0-9a-f]{16}").isNotEqualTo("0".repeat(16));
        assertThat(report.at("/model/parameters").asLong()).isEqualTo(1 << 18);
        assertThat(report.at("/model/nonzero").asLong()).isPositive();
        assertThat(report.at("/wall_s").asDouble()).isPositive();
    }

    private static void assertInterval(JsonNode interval, double value) {
        assertThat(interval.size()).isEqualTo(2);
        assertThat(value).isBetween(interval.get(0).asDouble(), interval.get(1).asDouble());
    }
}
