package io.millrace.serving.popularity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RewardRatesTest {
    @Test
    void everyRateIsTheFormulaOverAllThatWasCounted() {
        long seed = 99;
        Random random = new Random(seed);
        RewardRates rates = new RewardRates();
        assertThat(rates.rate(1, rates.prior())).isZero();
        Map<Long, double[]> naive = new HashMap<>();
        double sum = 0;
        int n = 5_000;
        for (int i = 0; i < n; i++) {
            long key = random.nextInt(50);
            double reward = random.nextInt(3);
            rates.add(key, reward);
            double[] tally = naive.computeIfAbsent(key, any -> new double[2]);
            tally[0]++;
            tally[1] += reward;
            sum += reward;
            if (random.nextInt(5) == 0) {
                rates.correct(key, 3 - reward);
                rates.correct(888, 1);
                tally[1] += 3 - reward;
                sum += 3 - reward;
            }
        }
        double prior = sum / n;
        assertThat(rates.count()).isEqualTo(n);
        assertThat(rates.prior()).isEqualTo(prior);
        naive.forEach((key, tally) -> assertThat(rates.rate(key, prior))
                .as("seed %d key %d", seed, key)
                .isCloseTo((tally[1] + prior * 20) / (tally[0] + 20), within(1e-12)));
        assertThat(rates.rate(777, prior)).isEqualTo(prior);
    }
}
