package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepeatedRowsTest {
    private static final long SEED = 11;

    @Test
    void ofFewRowsTheAnswerIsRight() {
        Random random = new Random(SEED);
        RepeatedRows repeated = new RepeatedRows();
        for (int round = 0; round < 20_000; round++) {
            int[] rows = random.ints(1 + random.nextInt(128), 0, 1 << (4 + random.nextInt(22)))
                    .toArray();
            repeated.find(rows, rows.length);
            assertThat(repeated.any()).as("seed %s, round %s", SEED, round).isEqualTo(occurTwice(rows));
        }
    }

    @Test
    void ofManyRowsItMissesNoneThatOccursTwice() {
        Random random = new Random(SEED);
        RepeatedRows repeated = new RepeatedRows();
        for (int round = 0; round < 500; round++) {
            int[] rows = random.ints(129 + random.nextInt(500), 0, 1 << 22).toArray();
            rows[random.nextInt(64)] = rows[64 + random.nextInt(64)];
            repeated.find(rows, rows.length);
            assertThat(repeated.any()).isTrue();
        }
    }

    private static boolean occurTwice(int[] rows) {
        return Arrays.stream(rows).distinct().count() < rows.length;
    }
}
