package io.millrace.serving.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
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
