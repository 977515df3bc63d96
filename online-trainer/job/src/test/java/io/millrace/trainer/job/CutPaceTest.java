package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CutPaceTest {
    private final CutPace pace = new CutPace();

    @Test
    void theFirstIsDueAtOnce() {
        assertThat(pace.isDue(0)).isTrue();
    }

    @Test
    void whatCostsNothingIsDueWheneverItIsAskedFor() {
        pace.note(1000, 1000);
        assertThat(pace.isDue(1000)).isTrue();
    }

    @Test
    void whatTakesLongIsDueWhenItHasTakenATenthOfTheTime() {
        pace.note(1000, 1020);
        assertThat(pace.isDue(1199)).isFalse();
        assertThat(pace.isDue(1200)).isTrue();
        pace.note(1200, 1201);
        assertThat(pace.isDue(1210)).isTrue();
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        pace.note(100_000, 101_000);
        assertThat(pace.isDue(101_500)).isFalse();
        assertThat(pace.isDue(50_000)).isTrue();
        pace.note(50_000, 50_001);
        assertThat(pace.isDue(50_005)).isFalse();
    }
}
