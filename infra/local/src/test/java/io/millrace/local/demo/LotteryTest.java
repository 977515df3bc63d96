package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LotteryTest {
    private static final long[] WEIGHTS = {5, 0, 1, 4, 10, 0};

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void drawsByWeight() {
        assertDrawn(new Lottery(WEIGHTS), Set.of());
    }

    @Test
    void drawsOfTheRestWhatWasRemoved() {
        Lottery lottery = new Lottery(WEIGHTS);
        Set<Integer> removed = new HashSet<>();
        for (int number : new int[] {0, 4, 3}) {
            lottery.remove(number);
            removed.add(number);
            assertDrawn(lottery, removed);
        }
        lottery.remove(2);
        assertThat(lottery.draw(random, number -> true)).isEqualTo(-1);
    }

    private void assertDrawn(Lottery lottery, Set<Integer> removed) {
        int draws = 20_000;
        int[] drawn = new int[WEIGHTS.length];
        for (int i = 0; i < draws; i++) {
            drawn[lottery.draw(random, number -> true)]++;
        }
        double sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += removed.contains(i) ? 0 : WEIGHTS[i];
        }
        for (int i = 0; i < WEIGHTS.length; i++) {
            double expected = removed.contains(i) ? 0 : WEIGHTS[i] / sum;
            assertThat(drawn[i] / (double) draws).isCloseTo(expected, within(4 * 0.5 / Math.sqrt(draws)));
        }
    }

    @Test
    void findsTheOnlyEligibleHoweverLight() {
        Lottery lottery = new Lottery(new long[] {1_000_000_000, 1, 1_000_000_000});
        assertThat(lottery.draw(random, number -> number == 1)).isEqualTo(1);
        assertThat(lottery.draw(random, number -> false)).isEqualTo(-1);
        assertThat(new Lottery(new long[0]).draw(random, number -> true)).isEqualTo(-1);
    }
}
