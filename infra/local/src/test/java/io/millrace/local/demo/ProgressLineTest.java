package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void saysHowItStands() {
        assertThat(new ProgressLine(4_567, 15_000, 0.3441, 0.2157, 0.2993, 0.54218, 13_001, 142.4))
                .hasToString(" 4,567/15,000  learned 0.344  popularity 0.299  control 0.216"
                        + "  log-loss 0.5422  model 13,001  fresh 142 ms");
    }

    @Test
    void hasADashForWhatIsNotKnownYet() {
        assertThat(ProgressLine.of(new Statistics(), 100, Double.NaN, -1, Double.NaN))
                .hasToString("  0/100  learned –  popularity –  control –  log-loss –  model –  fresh –");
    }
}
