package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondHalfTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 65_535, 65_536, 65_540, 200_000, 400_000})
    void isTheMeanOverTheSecondHalf(int examples) {
        Random random = new Random(examples);
        double[] losses = random.doubles(examples).toArray();
        SecondHalf half = new SecondHalf();
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < examples; i++) {
            double weight = 1 + i % 3;
            half.add(weight * losses[i], weight);
            if (i >= examples / 2) {
                sum += weight * losses[i];
                weights += weight;
            }
        }
        assertThat(half.meanLoss()).isCloseTo(sum / weights, within(1e-9));
    }

    @Test
    void isUnknownWithoutExamples() {
        assertThat(new SecondHalf().meanLoss()).isNaN();
    }
}
