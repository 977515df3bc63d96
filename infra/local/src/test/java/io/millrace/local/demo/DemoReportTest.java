package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.serving.policy.Arm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private static JsonNode json(DemoReport report) throws Exception {
        return new ObjectMapper().readTree(report.json());
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void hasTheFieldsThatReadersRelyOn() throws Exception {
        TestingRun run = new TestingRun(new FlightsAudience(Flights.slice(), 3), 1_000);
        JsonNode json = json(run.report());
        assertThat(fields(json))
                .containsExactly(
                        "audience",
                        "seed",
                        "decisions",
                        "feedback",
                        "arms",
                        "lift",
                        "lift_ci95",
                        "lift_over_popularity",
                        "lift_over_popularity_ci95",
                        "second_half_lift",
                        "progressive",
                        "freshness_ms",
                        "freshness_positive_ms",
                        "freshness_negative_ms",
                        "rank_ms",
                        "model",
                        "wall_s");
        assertThat(fields(json.get("arms"))).containsExactly("learned", "control", "popularity");
        for (JsonNode arm : json.get("arms")) {
            assertThat(fields(arm)).containsExactly("decisions", "shown", "reward", "ci95");
        }
        assertThat(fields(json.get("progressive")))
                .containsExactly("examples", "log_loss", "normalized_entropy", "auc", "calibration");
        assertThat(fields(json.get("freshness_ms"))).containsExactly("p50", "p99", "count");
        assertThat(fields(json.get("rank_ms"))).containsExactly("p50", "p99", "count");
        assertThat(fields(json.get("model"))).containsExactly("lineage", "version", "digest", "parameters", "nonzero");
    }

    @Test
    void carriesTheNumbers() throws Exception {
        TestingRun run = new TestingRun(new FlightsAudience(Flights.slice(), 3), 1_000);
        JsonNode json = json(run.report());
        assertThat(json.get("audience").textValue()).isEqualTo("flights");
        assertThat(json.get("seed").longValue()).isEqualTo(3);
        assertThat(json.get("decisions").longValue()).isEqualTo(1_000);
        assertThat(json.get("feedback").longValue()).isEqualTo(1_234);
        JsonNode learned = json.get("arms").get("learned");
        Estimate reward = run.statistics.arm(Arm.LEARNED).reward();
        assertThat(learned.get("decisions").longValue()).isEqualTo(800);
        assertThat(learned.get("shown").longValue()).isEqualTo(2_400);
        assertThat(learned.get("reward").doubleValue()).isEqualTo(reward.value());
        assertThat(learned.get("ci95").get(0).doubleValue()).isEqualTo(reward.low());
        assertThat(learned.get("ci95").get(1).doubleValue()).isEqualTo(reward.high());
        assertThat(json.get("lift").doubleValue())
                .isEqualTo(run.statistics.lift().value());
        assertThat(json.get("lift_over_popularity_ci95").get(1).doubleValue())
                .isEqualTo(run.statistics.liftOverPopularity().high());
        assertThat(json.get("progressive").get("calibration").isNull()).isTrue();
        assertThat(json.get("rank_ms").get("p99").doubleValue()).isEqualTo(12_345);
        assertThat(json.get("model").get("digest").textValue()).isEqualTo("ab12cd34ef56ab12");
        assertThat(json.get("wall_s").doubleValue()).isEqualTo(61.5);
    }

    @Test
    void tellsRegretWhereTheBestChoiceIsKnown() throws Exception {
        TestingRun run = new TestingRun(new SimulatedAudience(1, 0), 2_000);
        JsonNode regret = json(run.report()).get("regret");
        assertThat(fields(regret)).containsExactly("learned", "uniform");
        assertThat(regret.get("learned")).hasSize(10);
        for (int tenth = 0; tenth < 10; tenth++) {
            double learned = regret.get("learned").get(tenth).doubleValue();
            double uniform = regret.get("uniform").get(tenth).doubleValue();
            assertThat(learned / uniform).isBetween(0.75, 1.25);
        }
    }

    @Test
    void saysNullWhereNothingIsKnown() throws Exception {
        TestingRun run = new TestingRun(new SimulatedAudience(1, 0), 0);
        JsonNode json = json(run.report());
        assertThat(json.get("lift").isNull()).isTrue();
        assertThat(json.get("lift_ci95").isNull()).isTrue();
        assertThat(json.get("arms").get("control").get("reward").isNull()).isTrue();
        assertThat(json.get("regret").get("learned").get(0).isNull()).isTrue();
    }
}
