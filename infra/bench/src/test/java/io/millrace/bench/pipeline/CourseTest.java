package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CourseTest {
    private final List<String> progress = new ArrayList<>();

    @Test
    void entrantsTakeTurnsAndFiguresAreMedians() throws Exception {
        List<Laps> outcomes = run(3, entrant("vw", "default", "", 2, 4, 9), entrant("millrace", "ftrl", "d", 8, 1, 6));
        assertThat(progress)
                .extracting(line -> line.substring(0, 24))
                .containsExactly(
                        "round 1 of 3: vw, defaul",
                        "round 1 of 3: millrace, ",
                        "round 2 of 3: vw, defaul",
                        "round 2 of 3: millrace, ",
                        "round 3 of 3: vw, defaul",
                        "round 3 of 3: millrace, ");
        assertThat(outcomes.get(1).median(Lap::rate)).isEqualTo(6);
        assertThat(outcomes.get(1).ratio(Lap::rate, outcomes.get(0))).isEqualTo(1.5);
    }

    @Test
    void weightsThatDifferAreAnError() {
        assertThatThrownBy(() -> run(1, entrant("alone", "ftrl", "a", 1), entrant("job", "ftrl", "b", 1)))
                .isInstanceOf(WrongWeightsException.class)
                .hasMessage("digest of job, ftrl: b (expected: a, as learned before)");
        assertThatThrownBy(() -> run(1, entrant("alone", "ftrl", "a", 1), entrant("job", "ftrl", "", 1)))
                .isInstanceOf(WrongWeightsException.class);
    }

    @Test
    void learnersOfDifferentSettingsMayLearnDifferentWeights() throws Exception {
        assertThat(run(2, entrant("alone", "ftrl", "a", 1, 1), entrant("alone", "auto", "b", 1, 1)))
                .extracting(Laps::digest)
                .containsExactly("a", "b");
    }

    @Test
    void aRatioToNobodyIsADash() throws Exception {
        String table = CourseTable.of("title", run(1, entrant("alone", "ftrl", "a", 7)), Optional.empty());
        assertThat(table.lines().toList().get(2)).startsWith("alone  ftrl").contains(" 7     –");
    }

    private List<Laps> run(int rounds, Entrant... entrants) throws Exception {
        return new Course(rounds, progress::add).run(List.of(entrants));
    }

    private static Entrant entrant(String way, String setting, String digest, int... seconds) {
        return new Entrant() {
            private int next;

            @Override
            public String way() {
                return way;
            }

            @Override
            public String setting() {
                return setting;
            }

            @Override
            public String timed() {
                return "nothing";
            }

            @Override
            public Lap run() {
                return Lap.straight(seconds[next++], 1, 1, digest);
            }
        };
    }
}
