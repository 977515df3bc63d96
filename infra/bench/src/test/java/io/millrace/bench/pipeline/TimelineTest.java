package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long SECOND = 1_000_000_000;

    private final Timeline timeline = new Timeline(SECOND);

    @Test
    void ratesAreFromTheFirstVersionToTheLastTheMiddleAndFromTheStart() {
        timeline.add(10, 3 * SECOND, 1);
        timeline.add(20, 4 * SECOND, 1.5);
        timeline.add(80, 6 * SECOND, 2);
        timeline.add(100, 11 * SECOND, 2.8);
        Lap lap = timeline.lap(4, "d");
        assertThat(lap).isEqualTo(new Lap(90 / 8.0, 30, 10, 2, lap.processorMicros(), 4, "d"));
        assertThat(lap.processorMicros()).isEqualTo((2.8 - 1) * 1e6 / 90);
    }

    @Test
    void oneVersionHasNoRateButAStart() {
        timeline.add(100, 3 * SECOND, 1);
        Lap lap = timeline.lap(0, "d");
        assertThat(lap.rate()).isNaN();
        assertThat(lap.middleRate()).isNaN();
        assertThat(lap.wholeRate()).isEqualTo(50);
    }

    @Test
    void withoutAVersionThereIsNoLap() {
        assertThatThrownBy(() -> timeline.lap(0, "d")).hasMessage("versions: 0 (expected: at least 1)");
    }
}
