package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.demo.Summary.Place;
import io.millrace.local.demo.Summary.Weight;
import io.millrace.serving.policy.Arm;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final List<Weight> WEIGHTS =
            List.of(new Weight("day=2001-01-15, origin=ORD", 1.234, 1_234), new Weight("x".repeat(200), -0.5, -1));
    private static final List<Place> PLACES = List.of(new Place("report", "/somewhere/" + "deep/".repeat(30)));

    private static String summary(TestingRun run, boolean colour) {
        return Summary.of(run.report(), run.statistics, WEIGHTS, PLACES, colour);
    }

    @Test
    void tellsWhatHappenedWithinAHundredColumns() {
        String summary = summary(new TestingRun(new FlightsAudience(Flights.slice(), 3), 1_000), false);
        assertThat(summary.lines().filter(line -> !line.contains("/somewhere/")))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(summary)
                .contains("flights, seed 3: 1,000 decisions and 1,234 pieces of feedback in 62 s")
                .contains("of the flights that it put on the watch list came over 15 minutes late;")
                .contains("first tenth    last tenth")
                .contains("lift over popularity")
                .contains("   +1.23  day=2001-01-15, origin=ORD")
                .contains("seen 1,234")
                .contains("   -0.50  " + "x".repeat(55) + "…\n")
                .contains("p50 142 ms, p99 480 ms")
                .contains("p50 1.3 ms, p99 12.3 s")
                .contains("calibration –")
                .contains("version 1,200, digest ab12cd34ef56ab12")
                .contains("/somewhere/" + "deep/".repeat(30))
                .doesNotContain("regret")
                .doesNotContain("NaN");
    }

    @Test
    void usesColourOnlyWhenAsked() {
        TestingRun run = new TestingRun(new SimulatedAudience(2, 0), 500);
        String plain = summary(run, false);
        String coloured = summary(run, true);
        assertThat(plain).doesNotContain("\u001b");
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", "")).isEqualTo(plain);
    }

    @Test
    void tellsRegretWhereTheBestChoiceIsKnown() {
        assertThat(summary(new TestingRun(new SimulatedAudience(2, 0), 500), false))
                .contains("regret per item")
                .contains("regret of a blind pick");
    }

    @Test
    void hasSomethingToSayAboutARunWithoutDecisions() {
        assertThat(summary(new TestingRun(new SimulatedAudience(2, 0), 0), false))
                .contains("Too little to tell anything.")
                .doesNotContain("NaN");
    }

    @Test
    void praisesOnlyWhatIsSure() {
        assertThat(summary(new TestingRun(new SimulatedAudience(2, 0), 500), false))
                .contains("No better than chance so far.");
        Statistics good = new Statistics();
        Statistics bad = new Statistics();
        for (int n = 0; n < 200; n++) {
            good.add(Arm.LEARNED, new Exposure(n, List.of(n % 4 == 0 ? 0.0 : 1.0), 0.75, 0.5, 1));
            bad.add(Arm.LEARNED, new Exposure(n, List.of(n % 4 == 0 ? 1.0 : 0.0), 0.25, 0.5, 1));
        }
        Audience audience = new SimulatedAudience(2, 0);
        assertThat(Summary.of(DemoReport.of(audience, good, TestingRun.MEASURED), good, List.of(), List.of(), false))
                .contains("It learned.");
        assertThat(Summary.of(DemoReport.of(audience, bad, TestingRun.MEASURED), bad, List.of(), List.of(), false))
                .contains("It did worse than chance.");
    }
}
