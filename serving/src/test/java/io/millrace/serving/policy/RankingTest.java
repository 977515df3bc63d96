package io.millrace.serving.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {
    @Test
    void ordersAsAFullSortWould() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int n = 1 + random.nextInt(60);
            float[] scores = new float[n];
            for (int i = 0; i < n; i++) {
                scores[i] = random.nextInt(8);
            }
            long[] keys = new long[n];
            RandomStream same = new RandomStream(seed, round, 3, 4);
            for (int i = 0; i < n; i++) {
                keys[i] = same.nextLong();
            }
            int k = 1 + random.nextInt(n);
            int[] expected = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])
                            .thenComparingLong(i -> keys[i]))
                    .limit(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
            assertThat(new Ranking(scores).top(k, new RandomStream(seed, round, 3, 4)))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    @Test
    void splitsAGroupOfTiesEvenlyOverItsPositions() {
        Ranking ranking = new Ranking(new float[] {5, 1, 3, 3, 0});
        assertThat(ranking.probability(0, 0)).isEqualTo(1);
        assertThat(ranking.probability(2, 0)).isZero();
        assertThat(ranking.probability(2, 1)).isEqualTo(0.5);
        assertThat(ranking.probability(3, 2)).isEqualTo(0.5);
        assertThat(ranking.probability(3, 3)).isZero();
        assertThat(ranking.probability(4, 4)).isEqualTo(1);
    }
}
