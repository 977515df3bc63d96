package io.millrace.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreTest {
    @Test
    void meansTheLossInNatsAndCountsWhatIsRight() {
        Score score = Score.of(new double[] {0.25, 0.75, 0.5}, new boolean[] {false, false, true}, 1e-15);
        double loss = (-Math.log(0.75) - Math.log(0.25) - Math.log(0.5)) / 3;
        assertThat(score.logLoss()).isCloseTo(loss, within(1e-15));
        assertThat(score.accuracy()).isCloseTo(1.0 / 3, within(1e-15));
    }

    @Test
    void whoIsSureAndWrongPaysWhatTheClipAllows() {
        assertThat(Score.of(new double[] {1, 0}, new boolean[] {false, true}, 1e-3)
                        .logLoss())
                .isCloseTo(-Math.log(1e-3), within(1e-12));
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        for (double prediction : new double[] {Double.NaN, -0.1, 1.1}) {
            assertThatThrownBy(() -> Score.of(new double[] {prediction}, new boolean[1], 1e-15))
                    .hasMessage("prediction of example 0: " + prediction + " (expected: 0 to 1)");
        }
    }
}
