package io.millrace.serving.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wire.DecisionIds;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DrawsTest {
    @Test
    void theStreamIsTheReferenceGenerator() {
        RandomStream stream = new RandomStream(1, 2, 3, 4);
        assertThat(new long[] {stream.nextLong(), stream.nextLong(), stream.nextLong()})
                .containsExactly(41943041L, 58720359L, 3588806011781223L);
    }

    @Test
    void drawsStayWhatTheyWereInEveryVersion() {
        Draws draws = new Draws("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        assertThat(draws.uniform("0190a1b2-c3d4-7000-8000-000000000001", Draws.Purpose.ARM))
                .isEqualTo(0.662197574500612);
    }

    @Test
    void whichUnshownCandidatesAreLoggedIsAFunctionOfSecretAndDecision() {
        String id = "0190a1b2-c3d4-7000-8000-000000000001";
        BitSet logged = new Draws("0123456789abcdef".getBytes(StandardCharsets.UTF_8)).unshown(id, 100, 0.2);
        assertThat(new Draws("0123456789abcdef".getBytes(StandardCharsets.UTF_8)).unshown(id, 100, 0.2))
                .isEqualTo(logged);
        assertThat(new Draws("another secret!!".getBytes(StandardCharsets.UTF_8)).unshown(id, 100, 0.2))
                .isNotEqualTo(logged);
        Draws draws = new Draws("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        BitSet atHigherRate = draws.unshown(id, 100, 0.5);
        atHigherRate.and(logged);
        assertThat(atHigherRate).as("a higher rate logs more, and the same").isEqualTo(logged);
        assertThat(draws.unshown(id, 100, 0).cardinality()).isZero();
        assertThat(draws.unshown(id, 100, 1).cardinality()).isEqualTo(100);
    }

    @Test
    void everyCandidateIsAsLikelyToBeLogged() {
        Draws draws = new Draws("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int decisions = 20_000;
        double rate = 0.1;
        int[] logged = new int[10];
        for (int i = 0; i < decisions; i++) {
            draws.unshown(DecisionIds.mint(i, random.nextLong()), logged.length, rate).stream()
                    .forEach(candidate -> logged[candidate]++);
        }
        double mean = decisions * rate;
        double deviation = Math.sqrt(decisions * rate * (1 - rate));
        for (int count : logged) {
            assertThat((double) count).as("seed %d", seed).isBetween(mean - 6 * deviation, mean + 6 * deviation);
        }
    }

    @Test
    void refusesAShortSecret() {
        assertThatThrownBy(() -> new Draws(new byte[15])).hasMessage("secret: 15 bytes (expected: at least 16)");
    }

    @Test
    void boundedDrawsAreEven() {
        RandomStream stream = new RandomStream(9, 8, 7, 6);
        int[] seen = new int[7];
        for (int i = 0; i < 70_000; i++) {
            seen[stream.nextInt(7)]++;
        }
        for (int count : seen) {
            assertThat(count).isBetween(10_000 - 500, 10_000 + 500);
        }
    }
}
