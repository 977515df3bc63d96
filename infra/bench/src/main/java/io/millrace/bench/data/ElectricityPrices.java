package io.millrace.bench.data;

import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Elec2 (Harries, "Splice-2 comparative evaluation: electricity pricing", 1999): whether a price of New South Wales rises
 * above its mean of the last day, every half-hour. All columns are numbers.
 */
final class ElectricityPrices {
    static final List<String> COLUMNS =
            List.of("period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer", "class");

    /** The last two half-hours, and the same one a day before. */
    private static final List<Integer> LAGS = List.of(1, 2, 48);

    private static final String LABEL = "class";

    private ElectricityPrices() {}

    /** The plain columns, then the same with the lagged labels. */
    static List<DataSet> read(Table table, String origin, int rows) {
        List<String> names =
                COLUMNS.stream().filter(name -> !name.equals(LABEL)).toList();
        List<double[]> read = new ArrayList<>();
        BitSet up = new BitSet();
        for (Row row : table) {
            if (read.size() == rows) {
                break;
            }
            up.set(read.size(), row.integer(LABEL, 0, 1) == 1);
            double[] values = new double[names.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.number(names.get(i));
            }
            read.add(values);
        }
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            columns.add(new Column.Numeric(names.get(c), column(read, c)));
        }
        DataSet plain = new DataSet(
                "elec2", origin + ": half-hours of rising prices", columns, List.of(), Labels.of(up, read.size()));
        return List.of(plain, plain.withLags(LAGS));
    }

    private static double[] column(List<double[]> rows, int column) {
        double[] values = new double[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.get(i)[column];
        }
        return values;
    }
}
