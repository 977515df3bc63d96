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

    @Test
    void whatIsMissingIsNotThereAndSetsAndNumbersAreCrossedElementByElement() {
        DataSet data = new DataSet(
                "d",
                "",
                List.of(
                        new Column.Categorical("from", new int[] {0, Column.MISSING}, 1, code -> "SFO"),
                        new Column.Numeric("delay", new double[] {0.5, Double.NaN}),
                        new Column.Numeric("miles", new double[] {-1, 1000}, "250.0"),
                        new Column.Several(
                                "tags",
                                true,
                                new int[][] {{0, 1}, {}},
                                new float[][] {{1, 3}, {}},
                                List.of("a", "b")::get)),
                List.of(List.of("from", "tags", "delay"), List.of("miles", "from")),
                new boolean[] {true, false});
        assertThat(VwLines.of(data))
                .containsExactly(
                        "1 |f from=SFO delay:0.5 miles=-1 tags=a tags=b:3.0"
                                + " from*tags*delay=SFO*a:0.5 from*tags*delay=SFO*b:1.5 miles*from=-1*SFO",
                        "-1 |f miles=4");
    }
}
