package io.millrace.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SyntheticTest {
    private static final int ROWS = 20_000;

    @Test
    void theSameSeedMakesTheSameExamples() {
        DataSet data = Synthetic.of(1000, 5, 7);
        assertThat(data.labels()).isEqualTo(Synthetic.of(1000, 5, 7).labels());
        assertThat(data.labels()).isNotEqualTo(Synthetic.of(1000, 5, 8).labels());
        assertThat(codes(data, 4)).isEqualTo(codes(Synthetic.of(1000, 5, 7), 4));
    }

    @Test
    void valuesAreAsSkewedAsZipfsLawSays() {
        DataSet data = Synthetic.of(ROWS, 3, 1);
        int cardinality = data.categorical("f1").cardinality();
        assertThat(cardinality).isEqualTo(2000);
        for (int value : new int[] {0, 1, 9}) {
            double expected = Math.log1p(1.0 / (value + 1)) / Math.log(cardinality + 1);
            double seen = (double) Arrays.stream(codes(data, 1))
                            .filter(code -> code == value)
                            .count()
                    / ROWS;
            assertThat(seen).as("share of value %s", value).isCloseTo(expected, within(0.01));
        }
        assertThat(Arrays.stream(codes(data, 2))).allMatch(code -> code >= 0 && code < 1_000_000);
    }

    private static int[] codes(DataSet data, int feature) {
        return data.categorical("f" + feature).codes();
    }
}
