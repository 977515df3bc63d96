package io.millrace.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantileBinsTest {
    /** Of the 32 values 0 to 31, the centres are 1, 3, 5 ... 31. */
    @Test
    void aValueBetweenTwoCentresBelongsToBoth() {
        double[] values = IntStream.range(0, 38)
                .mapToDouble(i -> i < 32 ? 31 - i : new double[] {4.5, 5, -7, 99, Double.NaN, 0.5}[i - 32])
                .toArray();
        QuantileBins bins = new QuantileBins(values);
        assertThat(bins.at(31)).containsExactly(new Elements.Element("0", 1));
        assertThat(bins.at(32)).containsExactly(new Elements.Element("1", 0.25f), new Elements.Element("2", 0.75f));
        assertThat(bins.at(33)).containsExactly(new Elements.Element("2", 1));
        assertThat(bins.at(34)).containsExactly(new Elements.Element("0", 1));
        assertThat(bins.at(35)).containsExactly(new Elements.Element("15", 1));
        assertThat(bins.at(37)).containsExactly(new Elements.Element("0", 1));
    }
}
