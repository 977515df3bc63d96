package io.millrace.ingestion.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final Pacer.Step NOTHING = () -> {};

    private final TestingTicker ticker = new TestingTicker();

    @Test
    void sendsEachEventWhenItIsDueButNeverBeforeTheOneBefore() throws InterruptedException {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TestingTicker time = new TestingTicker();
            double speed = Math.pow(10, random.nextDouble(-1, 4));
            Pacer pacer = new Pacer(speed, time);
            long event = random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L);
            long first = event;
            double start = 0;
            double before = 0;
            for (int i = 0; i < 100; i++) {
                long busy = random.nextInt(5) == 0 ? random.nextLong(1_000_000_000) : 0;
                time.advance(Duration.ofNanos(busy));
                pacer.await(event, NOTHING);
                start = i == 0 ? busy : start;
                double due = start + (event - first) * 1_000.0 / speed;
                double expected = Math.max(due, before + busy);
                assertThat((double) time.nanos()).as("seed " + seed).isCloseTo(expected, within(1_000.0));
                before = time.nanos();
                event += random.nextLong(-2_000_000, 5_000_000);
            }
        }
    }

    @Test
    void waitsForNothingAtFullSpeed() throws InterruptedException {
        Pacer pacer = new Pacer(0, ticker);
        pacer.await(0, NOTHING);
        pacer.await(Long.MAX_VALUE, NOTHING);
        assertThat(ticker.slept()).isZero();
    }

    @Test
    void waitsInStepsSoThatOthersCanAct() throws InterruptedException {
        Pacer pacer = new Pacer(1, ticker);
        int[] steps = {0};
        pacer.await(0, () -> steps[0]++);
        pacer.await(2_000_000, () -> steps[0]++);
        assertThat(ticker.slept()).isEqualTo(Duration.ofSeconds(2));
        assertThat(steps[0]).isEqualTo(10);
    }
}
