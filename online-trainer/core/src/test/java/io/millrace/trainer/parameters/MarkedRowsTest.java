package io.millrace.trainer.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkedRowsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 4096, 4097, 100_000})
    void behavesLikeASortedSet(int range) {
        Random random = new Random(range);
        MarkedRows rows = new MarkedRows(range);
        for (int round = 0; round < 20; round++) {
            TreeSet<Integer> oracle = new TreeSet<>();
            for (int i = random.nextInt(300); i > 0; i--) {
                int number = random.nextInt(range);
                assertThat(rows.add(number)).isEqualTo(oracle.add(number));
            }
            List<Integer> visited = new ArrayList<>();
            rows.forEach(visited::add);
            assertThat(visited).containsExactlyElementsOf(oracle);
            assertThat(rows.size()).isEqualTo(oracle.size());
            rows.clear();
        }
    }
}
