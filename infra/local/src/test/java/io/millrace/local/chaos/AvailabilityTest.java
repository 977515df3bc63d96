package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AvailabilityTest {
    private static final long MS = 1_000_000;

    private final Availability availability = new Availability();

    @Test
    void timeInWhichNothingWasGivenCounts() {
        availability.tried(10 * MS, false);
        availability.tried(150 * MS, false);
        availability.tried(160 * MS, false);
        assertThat(availability.unavailableMillis()).isEqualTo(200);
    }

    @Test
    void whoeverWasGivenAnythingHadIt() {
        availability.tried(10 * MS, false);
        availability.tried(90 * MS, true);
        availability.tried(110 * MS, true);
        assertThat(availability.unavailableMillis()).isZero();
    }

    @Test
    void timeFromATryInVainToTheNextCountsWhetherItIsGivenOrNot() {
        availability.tried(10 * MS, false);
        availability.tried(510 * MS, false);
        availability.tried(1_010 * MS, true);
        availability.tried(3_000 * MS, true);
        assertThat(availability.unavailableMillis()).isEqualTo(1_000);
    }

    @Test
    void timeInWhichNobodyAskedDoesNotCount() {
        availability.tried(0, true);
        availability.tried(10_000 * MS, false);
        assertThat(availability.unavailableMillis()).isEqualTo(100);
    }
}
