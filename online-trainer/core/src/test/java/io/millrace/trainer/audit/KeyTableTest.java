package io.millrace.trainer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    @Test
    void holdsWhatAMapHolds() {
        for (long seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            KeyTable table = new KeyTable();
            Map<String, Long> naive = new HashMap<>();
            for (int i = 0; i < 60_000; i++) {
                String text = "k" + random.nextInt(30_000);
                int number = random.nextInt(2);
                Long known = naive.get(text + "/" + number);
                assertThat(table.find(text, number)).as("seed %s, %s", seed, i).isEqualTo(known != null);
                if (known != null) {
                    assertThat(table.value()).isEqualTo(known);
                }
                long value = random.nextLong();
                table.put(value);
                naive.put(text + "/" + number, value);
                assertThat(table.value()).isEqualTo(value);
            }
            assertThat(table.size()).isEqualTo(naive.size());
            AtomicLong sum = new AtomicLong();
            table.forEach(sum::addAndGet);
            assertThat(sum.get())
                    .isEqualTo(naive.values().stream().mapToLong(v -> v).sum());
        }
    }

    @Test
    void takesAtMostFortyBytesATextOrSo() {
        KeyTable table = new KeyTable();
        for (int i = 0; i < 500_000; i++) {
            table.find("d" + i, 0);
            table.put(i);
        }
        assertThat(table.bytes()).isBetween(31L * 500_000, 42L * 500_000);
    }
}
