package io.millrace.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import io.millrace.local.learn.ExampleOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    @TempDir
    private Path directory;

    @Test
    void flightsAreLateWhenTheyArriveMoreThanAQuarterOfAnHourLate() throws Exception {
        DataSet flights = only(file("""
                        date,delay,distance,origin,destination
                        2001-01-01T00:01:00,16,2176,LAS,PHL
                        2001-01-02T13:59:00,15,249,ATL,LAS
                        2001-01-03T13:59:00,-3,250,LAS,PHL
                        """), 2);
        assertThat(flights.labels()).containsExactly(true, false);
        assertThat(flights.columns())
                .extracting(column -> ((Column.Categorical) column).text(1))
                .containsExactly("ATL", "LAS", "13", "2", "0");
        assertThat(flights.categorical("distance").text(0)).isEqualTo("8");
        assertThat(flights.crosses()).contains(List.of("origin", "destination")).hasSize(4);
        assertThat(flights.isNumeric()).isFalse();
    }

    @Test
    void elec2ComesPlainAndWithItsLabelsOfBefore() throws Exception {
        List<DataSet> sets = DataSets.open(file("""
                        period,nswprice,nswdemand,vicprice,vicdemand,transfer,class
                        0,0.05,0.43,0.003,0.42,0.41,1
                        0.02,0.06,0.41,0.003,0.42,0.41,0
                        0.04,0.07,0.41,0.003,0.42,0.41,0
                        """).toString(), 100, ExampleOptions.NONE, line -> {});
        assertThat(sets).extracting(DataSet::name).containsExactly("elec2", "elec2+lags");
        assertThat(sets.get(0).labels()).containsExactly(true, false, false);
        assertThat(sets.get(0).baseRate()).isEqualTo(1.0 / 3);
        assertThat(values(sets.get(0), 1)).containsExactly(0.05, 0.06, 0.07);
        assertThat(sets.get(1).columns()).hasSize(9);
        assertThat(values(sets.get(1), 6)).containsExactly(0, 1, -1);
        assertThat(values(sets.get(1), 7)).containsExactly(0, 0, 1);
        assertThat(values(sets.get(1), 8)).containsExactly(0, 0, 0);
    }

    @Test
    void theDemosSliceIsBuiltIn() throws Exception {
        assertThat(DataSets.open("flights", 1000, ExampleOptions.NONE, line -> {}))
                .singleElement()
                .satisfies(data -> assertThat(data.size()).isEqualTo(1000));
    }

    @Test
    void columnsThatNobodyKnowsAreRefused() throws Exception {
        Path file = file("a,b\n1,2\n");
        assertThatThrownBy(() -> DataSets.open(file.toString(), 10, ExampleOptions.NONE, line -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "columns: a,b (expected: --label and the other flags of millrace learn; without them, the columns of flights (date,delay,");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("data.csv"), text);
    }

    private static DataSet only(Path file, int rows) throws Exception {
        return DataSets.open(file.toString(), rows, ExampleOptions.NONE, line -> {})
                .get(0);
    }

    private static double[] values(DataSet data, int column) {
        return ((Column.Numeric) data.columns().get(column)).values();
    }
}
