package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepeatedRowsTest {
    private static final long SEED = 11;

    @Test
    void theAnswerIsRight() {
        Random random = new Random(SEED);
        RepeatedRows repeated = new RepeatedRows();
        for (int round = 0; round < 20_000; round++) {
            int most = round % 10 == 0 ? 3000 : 130;
            int[] rows = random.ints(1 + random.nextInt(most), 0, 1 << (4 + random.nextInt(23)))
                    .toArray();
            repeated.find(rows, rows.length);
            assertThat(repeated.any()).as("seed %s, round %s", SEED, round).isEqualTo(occurTwice(rows));
        }
    }

    private static boolean occurTwice(int[] rows) {
        return Arrays.stream(rows).distinct().count() < rows.length;
    }
}
