package io.millrace.serving.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawnBytesTest {
    @Test
    void allAreAsLargeAsTheyAreAndNoneTakesNothing() {
        DrawnBytes all = new DrawnBytes(1);
        assertThat(all.most()).isZero();
        all.add("item", 1_000);
        all.add("item", 2_000);
        assertThat(all.most()).isBetween(3_008L, 3_100L);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.01, 50", "2, 0.1, 500", "3, 0.5, 2000", "4, 0.9, 10"})
    void noDrawIsLargerAndManyWithSmallRatesAreFarFromAll(long seed, double rate, int candidates) {
        Random random = new Random(seed);
        DrawnBytes bytes = new DrawnBytes(rate);
        int[] sizes = new int[candidates];
        long all = 0;
        for (int i = 0; i < candidates; i++) {
            sizes[i] = 1 + random.nextInt(1_000);
            bytes.add("", sizes[i]);
            all += sizes[i];
        }
        for (int n = 0; n < 2_000; n++) {
            long drawn = 0;
            for (int size : sizes) {
                drawn += random.nextDouble() < rate ? size : 0;
            }
            assertThat(drawn).as("seed %s", seed).isLessThanOrEqualTo(bytes.most());
        }
        if (candidates >= 500) {
            assertThat(bytes.most()).isLessThan((long) (all * (rate + 0.15)));
        }
    }
}
