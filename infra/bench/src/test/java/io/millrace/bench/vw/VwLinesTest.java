package io.millrace.bench.vw;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class VwLinesTest {
    @Test
    void oneLineAnExampleWithItsCrosses() {
        List<String> airports = List.of("SFO", "St. John's: main|new");
        DataSet data = new DataSet(
                "d",
                "",
                List.of(
                        new Column.Categorical("from", new int[] {0, 1}, 2, airports::get),
                        new Column.Categorical("hour", new int[] {7, 23}, 24, Integer::toString),
                        new Column.Numeric("delay", new double[] {-1.5, 30})),
                List.of(List.of("from", "hour")),
                new boolean[] {true, false});
        assertThat(VwLines.of(data))
                .containsExactly(
                        "1 |f from=SFO hour=7 delay:-1.5 from*hour=SFO*7",
                        "-1 |f from=St._John's__main_new hour=23 delay:30.0 from*hour=St._John's__main_new*23");
    }
}
