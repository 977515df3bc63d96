package io.millrace.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContestTest {
    private static final boolean[] LABELS = {true, false, true, true};

    private final List<String> diary = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();

    @Test
    void contendersTakeTurnsRoundAfterRound() {
        run(2, List.of(0, 1, 0, 1, 0, 1, 0, 1));
        assertThat(diary)
                .containsExactly(
                        "a starts",
                        "a learns",
                        "a closes",
                        "b starts",
                        "b learns",
                        "b closes",
                        "a starts",
                        "a learns",
                        "a closes",
                        "b starts",
                        "b learns",
                        "b closes");
        assertThat(progress).hasSize(4).contains("round 1 of 2: vw a: log-loss 1.11164, 4 examples/s");
    }

    @Test
    void speedIsThatOfTheMedianRound() {
        List<Result> results = run(3, List.of(0, 9, 0, 2, 0, 2, 0, 2, 1, 2, 1, 2));
        assertThat(results.get(0).times()).extracting(Time::seconds).containsExactly(9.0, 2.0, 1.0);
        assertThat(results.get(0).examplesPerSecond()).isEqualTo(2);
        assertThat(results.get(0).examplesPerProcessorSecond()).isEqualTo(4);
        assertThat(results.get(0).score().accuracy()).isEqualTo(0.25);
        assertThat(results.get(1).score().accuracy()).isEqualTo(0.75);
    }

    @Test
    void ratiosAreToTheFirstAndToTheBestOfTheReference() {
        List<Result> results = List.of(
                result("vw", "default", 0.5, 2), result("vw", "better", 0.4, 4), result("millrace", "ftrl", 0.3, 1));
        Comparison comparison = Comparison.with("vw", results);
        assertThat(Comparison.speedRatio(results.get(2), comparison.standard())).isEqualTo(2);
        assertThat(Comparison.speedRatio(results.get(2), comparison.best())).isEqualTo(4);
        assertThat(Comparison.lossRatio(results.get(2), comparison.standard())).isCloseTo(0.6, within(1e-12));
        assertThat(Comparison.lossRatio(results.get(2), comparison.best())).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void withoutTheReferenceRatiosAreDashesInTheTableAndNullInTheReport() {
        Outcome outcome = new Outcome("d", "made up", 4, 0.75, List.of(result("moa", "tree", 0.25, 0.5)));
        assertThat(ContestTable.of(outcome, "vw", 1e-15)).isEqualToNormalizingNewlines("""
                        d: 4 examples, 75.0 % positive (made up)
                        contender  setting  log_loss  accuracy  examples/s  a cpu second  speed / default  loss / default  speed / best  loss / best
                        moa        tree      0.25000    0.5000           8            16                –               –             –            –
                        predictions clipped at 1e-15; ratios are to vw's default and to its lowest log-loss; time includes:
                          moa: thinking
                        """);
        assertThat(ContestReport.of(Map.of("os", "some"), List.of(outcome), "vw", 1e-15))
                .contains("\"examples_per_s\" : 8.0", "\"speed_to_default\" : null", "\"os\" : \"some\"");
    }

    private List<Result> run(int rounds, List<Integer> times) {
        return new Contest(LABELS, rounds, 1e-15, new TestingClock(times), progress::add)
                .run(List.of(
                        new TestingContender("vw", "a", 0.25, diary), new TestingContender("vw", "b", 0.75, diary)));
    }

    private static Result result(String maker, String setting, double loss, double seconds) {
        return new Result(maker, setting, "thinking", new Score(loss, 0.5), 4, List.of(new Time(seconds, seconds / 2)));
    }
}
