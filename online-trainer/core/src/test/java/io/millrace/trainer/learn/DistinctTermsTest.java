package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.SparseVector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctTermsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000, 1 << 22})
    void addsUpLikeAMap(int range) {
        Random random = new Random(range);
        DistinctTerms terms = new DistinctTerms();
        for (int round = 0; round < 200; round++) {
            SparseVector x = new SparseVector();
            Map<Integer, Float> oracle = new LinkedHashMap<>();
            for (int i = random.nextInt(round == 100 ? 2000 : 80); i > 0; i--) {
                int index = random.nextInt(range);
                float value = random.nextInt(10);
                x.add(index, value);
                oracle.merge(index, value, Float::sum);
            }
            terms.fill(x);
            assertThat(terms.size()).isEqualTo(oracle.size());
            int term = 0;
            for (Map.Entry<Integer, Float> entry : oracle.entrySet()) {
                assertThat(terms.index(term)).isEqualTo(entry.getKey());
                assertThat(terms.value(term++)).isEqualTo(entry.getValue());
            }
        }
    }
}
