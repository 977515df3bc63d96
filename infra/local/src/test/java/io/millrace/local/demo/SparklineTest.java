package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparklineTest {
    @Test
    void rangesFromTheLowestToTheHighest() {
        assertThat(Sparkline.of(1, 1.5, 2, Double.NaN, 8)).isEqualTo("▁▂▂ █");
        assertThat(Sparkline.of(3, 3)).isEqualTo("▁▁");
        assertThat(Sparkline.of()).isEmpty();
        assertThat(Sparkline.of(Double.NaN)).isEqualTo(" ");
    }

    @Test
    void drawsBarsToAnEighthOfAColumn() {
        assertThat(Sparkline.bar(1, 4)).isEqualTo("████");
        assertThat(Sparkline.bar(0.5, 4)).isEqualTo("██");
        assertThat(Sparkline.bar(17 / 32.0, 4)).isEqualTo("██▏");
        assertThat(Sparkline.bar(0, 4)).isEmpty();
        assertThat(Sparkline.bar(2, 4)).isEqualTo("████");
        assertThat(Sparkline.bar(Double.NaN, 4)).isEmpty();
    }
}
