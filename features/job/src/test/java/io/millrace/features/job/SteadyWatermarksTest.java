package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.Test;

class SteadyWatermarksTest {
    private static final long TICK_MILLIS = 20;
    /** In a replay: years before now. */
    private static final long THEN = 1_200_000_000_000L;

    private final ManualClock clock = new ManualClock(5);
    private final Output output = new Output();
    private final SteadyWatermarks watermarks =
            new SteadyWatermarks(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), clock);

    @Test
    void followsTheNewestRecord() {
        event(THEN);
        event(THEN - 500);
        tick();
        assertThat(output.watermark).isEqualTo(THEN - 1001);
    }

    @Test
    void goesOnAtThePaceOfTheClockWhenNothingComes() {
        event(THEN);
        ticksFor(1980);
        assertThat(output.watermark).isEqualTo(THEN - 1001);
        ticksFor(20 + 20);
        assertThat(output.watermark).isEqualTo(THEN - 1001 + 2000 + 20);
        ticksFor(60_000);
        assertThat(output.watermark).isEqualTo(THEN - 1001 + 62_020);
    }

    @Test
    void waitsAgainAfterEveryRecord() {
        event(THEN);
        ticksFor(1500);
        event(THEN + 100);
        ticksFor(1500);
        assertThat(output.watermark).isEqualTo(THEN + 100 - 1001);
    }

    @Test
    void goesOnAtThePaceOfTheClockWhenRecordsComeFromAClockThatWasSetBack() {
        event(THEN);
        long hour = TimeUnit.HOURS.toMillis(1);
        for (long passed = 0; passed < 10_000; passed += TICK_MILLIS) {
            event(THEN - hour + passed);
            tick();
        }
        assertThat(output.watermark).isEqualTo(THEN - 1001 + 10_000);
        event(THEN + 20_000);
        assertThat(output.watermark).isEqualTo(THEN + 20_000 - 1001);
    }

    @Test
    void standsStillBetweenRecordsOutOfFilesAndGoesToTheirEndAtOnce() {
        byte[] record = new Arrival(Arrival.Kind.EVENT, Arrival.HISTORY, 0, 0, 0, new byte[0]).pack();
        watermarks.onEvent(record, THEN, output);
        ticksFor(60_000);
        assertThat(output.watermark).isEqualTo(THEN - 1001);
        byte[] end = new Arrival(Arrival.Kind.END_OF_HISTORY, Arrival.HISTORY, 0, 0, 0, new byte[0]).pack();
        watermarks.onEvent(end, THEN + 5_000, output);
        assertThat(output.watermark).isEqualTo(THEN + 5_000 - 1);
    }

    @Test
    void goesOnWhereOnlyDeadLettersCome() {
        event(THEN);
        byte[] letter = new Arrival(Arrival.Kind.DEAD_LETTER, 0, 0, 0, 0, new byte[0]).pack();
        for (long passed = 0; passed < 3_000; passed += TICK_MILLIS) {
            watermarks.onEvent(letter, 0, output);
            tick();
        }
        assertThat(output.watermark).isEqualTo(THEN - 1001 + 3_000);
    }

    @Test
    void holdsEverybodyUntilAPartitionHadTimeToBeRead() {
        ticksFor(4980);
        assertThat(output.isIdle).isFalse();
        ticksFor(20);
        assertThat(output.isIdle).isTrue();
        assertThat(output.watermark).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void takesAPauseOfTheProcessForNoSilence() {
        event(THEN);
        tick();
        clock.advanceTime(10, TimeUnit.MINUTES);
        watermarks.onPeriodicEmit(output);
        assertThat(output.watermark).isEqualTo(THEN - 1001);
    }

    @Test
    void takesNoTimeFromADeadLetter() {
        byte[] letter = new Arrival(Arrival.Kind.DEAD_LETTER, 0, 0, 0, 0, new byte[0]).pack();
        watermarks.onEvent(letter, 0, output);
        tick();
        assertThat(output.watermark).isEqualTo(Long.MIN_VALUE);
        assertThat(output.isIdle).isFalse();
    }

    private void event(long millis) {
        byte[] arrival = new Arrival(Arrival.Kind.FEEDBACK, 0, 0, 0, millis * 1000, new byte[0]).pack();
        watermarks.onEvent(arrival, millis, output);
        tick(0);
    }

    private void ticksFor(long millis) {
        for (long passed = 0; passed < millis; passed += TICK_MILLIS) {
            tick();
        }
    }

    private void tick() {
        tick(TICK_MILLIS);
    }

    private void tick(long millis) {
        clock.advanceTime(millis, TimeUnit.MILLISECONDS);
        watermarks.onPeriodicEmit(output);
    }

    private static final class Output implements WatermarkOutput {
        long watermark = Long.MIN_VALUE;
        boolean isIdle;

        @Override
        public void emitWatermark(Watermark emitted) {
            watermark = emitted.getTimestamp();
            isIdle = false;
        }

        @Override
        public void markIdle() {
            isIdle = true;
        }

        @Override
        public void markActive() {
            isIdle = false;
        }
    }
}
