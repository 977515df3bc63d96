package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.local.demo.Measured.Quantiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreshnessMeterTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final FreshnessMeter meter = new FreshnessMeter();

    @Test
    void lastsFromTheAcknowledgementToTheFirstDecisionThatLearned() {
        meter.acknowledged("a/0", 100 * MS);
        meter.example("a/0", 7, true);
        meter.decided(7, 150 * MS);
        assertThat(meter.soFar().count()).isZero();
        meter.decided(8, 160 * MS);
        meter.decided(9, 900 * MS);
        assertThat(meter.soFar()).isEqualTo(new Quantiles(60.031, 60.031, 1));
        assertThat(meter.awaitedVersion()).isZero();
    }

    @Test
    void countsWhatWasNotLearnedWithItsAge() {
        meter.acknowledged("unjoined/0", 0);
        meter.acknowledged("unlearned/0", 10 * MS);
        meter.example("unlearned/0", 3, false);
        assertThat(meter.unjoined()).isEqualTo(1);
        assertThat(meter.awaitedVersion()).isEqualTo(4);
        assertThat(meter.soFar().count()).isZero();
        Quantiles all = meter.until(1010 * MS).all();
        assertThat(all.count()).isEqualTo(2);
        assertThat(all.p99()).isCloseTo(1010, within(1.0));
        assertThat(all.p50()).isCloseTo(1000, within(1.0));
    }

    @Test
    void tellsPositivesFromNegatives() {
        meter.acknowledged("liked/0", 0);
        meter.acknowledged("not/0", 0);
        meter.acknowledged("never/0", 0);
        meter.acknowledged("unjoined/0", 0);
        meter.example("liked/0", 1, true);
        meter.example("not/0", 2, false);
        meter.example("never/0", 9, false);
        meter.decided(2, 100 * MS);
        meter.decided(3, 300 * MS);
        FreshnessMeter.Freshness measured = meter.until(1000 * MS);
        assertThat(measured.positive().count()).isOne();
        assertThat(measured.positive().p50()).isCloseTo(100, within(0.1));
        assertThat(measured.negative().count()).isEqualTo(2);
        assertThat(measured.negative().p50()).isCloseTo(300, within(0.3));
        assertThat(measured.all().count()).isEqualTo(4);
    }

    @Test
    void isNegativeForNobody() {
        meter.example("a/0", 0, false);
        meter.decided(1, 5 * MS);
        meter.acknowledged("a/0", 9 * MS);
        assertThat(meter.soFar()).isEqualTo(new Quantiles(0, 0, 1));
    }

    /** Whatever arrives first, the figures are those of the plain definition. */
    @Test
    void doesNotDependOnTheOrderInWhichThingsBecomeKnown() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int feedback = 1 + random.nextInt(40);
            List<long[]> decisions = new ArrayList<>();
            long time = 0;
            long version = 0;
            for (int i = 0; i < 30; i++) {
                time += random.nextInt(20) * MS;
                version += random.nextInt(4);
                decisions.add(new long[] {version, time});
            }
            List<Runnable> events = new ArrayList<>();
            FreshnessMeter mixed = new FreshnessMeter();
            List<Long> expected = new ArrayList<>();
            long end = time + 1000 * MS;
            for (int i = 0; i < feedback; i++) {
                String key = "d" + i + "/0";
                long acknowledged = random.nextInt(300) * MS;
                long offset = random.nextInt(80);
                events.add(() -> mixed.acknowledged(key, acknowledged));
                events.add(() -> mixed.example(key, offset, offset % 2 == 0));
                long learned = decisions.stream()
                        .filter(decision -> decision[0] > offset)
                        .mapToLong(decision -> decision[1])
                        .findFirst()
                        .orElse(end);
                expected.add(Math.max(0, learned - acknowledged));
            }
            Collections.shuffle(events, random);
            int next = 0;
            for (long[] decision : decisions) {
                mixed.decided(decision[0], decision[1]);
                for (int i = 0; i < 3 && next < events.size(); i++) {
                    events.get(next++).run();
                }
            }
            while (next < events.size()) {
                events.get(next++).run();
            }
            expected.sort(Comparator.naturalOrder());
            Quantiles measured = mixed.until(end).all();
            assertThat(measured.count()).as("seed %d", seed).isEqualTo(feedback);
            double median = expected.get((feedback + 1) / 2 - 1) / (double) MS;
            assertThat(measured.p50()).as("seed %d", seed).isCloseTo(median, within(1 + median * 0.002));
        }
    }
}
