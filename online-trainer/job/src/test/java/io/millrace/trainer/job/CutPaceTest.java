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
}
