package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LagsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void areTheLabelsThatHaveArrived(long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(5);
        int delay = random.nextInt(7);
        Lags lags = new Lags(count, delay);
        List<Double> labels = new ArrayList<>();
        for (int next = 0; next < 100; next++) {
            for (int k = 1; k <= count; k++) {
                List<Double> arrived = arrived(labels, next, delay);
                double expected = arrived.size() < k ? Double.NaN : arrived.get(arrived.size() - k);
                assertThat(lags.label(k))
                        .as("seed %s, example %s, lag %s", seed, next, k)
                        .isEqualTo(Double.valueOf(expected));
            }
            labels.add(random.nextDouble());
            lags.add(labels.get(next));
        }
    }

    /** The label of example i arrives after the prediction of example i + delay. */
    private static List<Double> arrived(List<Double> labels, int next, int delay) {
        List<Double> arrived = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            if (i + delay < next) {
                arrived.add(labels.get(i));
            }
        }
        return arrived;
    }

    @Test
    void goOnFromWhatWasRemembered() {
        Lags first = new Lags(3, 2);
        for (int i = 0; i < 20; i++) {
            first.add(i);
        }
        Lags second = new Lags(3, 2);
        first.remembered().forEach(second::add);
        for (int k = 1; k <= 3; k++) {
            assertThat(second.label(k)).isEqualTo(first.label(k)).isEqualTo(18 - k);
        }
    }

    @Test
    void haveNamesThatCount() {
        assertThat(Lags.of("lag_3")).contains(3);
        assertThat(Lags.of("lag_0")).isEmpty();
        assertThat(Lags.of("lag_1001")).isEmpty();
        assertThat(Lags.of("lag_")).isEmpty();
    }
}
