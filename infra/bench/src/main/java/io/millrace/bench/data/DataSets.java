package io.millrace.bench.data;

import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.wire.Problem;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Opens data sets by name: what is built in, or a file that is known by its columns. */
public final class DataSets {
    /** The names of what is built in. */
    public static final List<String> BUILT_IN = List.of("synthetic", "flights");

    private static final String SLICE = "/demo/flights.csv.gz";
    private static final long SEED = 1;

    private DataSets() {}

    /**
     * @param source a name of {@link #BUILT_IN}, or a file
     * @param rows at most how many examples, the first ones
     * @throws DataException if it cannot be read, or nobody knows what to predict in it
     */
    public static List<DataSet> open(String source, int rows) {
        return switch (source) {
            case "synthetic" -> List.of(Synthetic.of(rows, Synthetic.FEATURES, SEED));
            case "flights" -> List.of(slice(rows));
            default -> read(Path.of(source), rows);
        };
    }

    private static DataSet slice(int rows) {
        InputStream in = DataSets.class.getResourceAsStream(SLICE);
        if (in == null) {
            throw new IllegalStateException(SLICE + ": not in this build");
        }
        try (Table table = Table.read(SLICE, in, TableFormat.CSV)) {
            return FlightDelays.read(table, "the demo's slice", rows);
        }
    }

    private static List<DataSet> read(Path file, int rows) {
        String origin = file.getFileName().toString();
        try (Table table = Table.open(file)) {
            List<String> columns = table.columns();
            if (columns.containsAll(FlightDelays.COLUMNS)) {
                return List.of(FlightDelays.read(table, origin, rows));
            }
            if (columns.containsAll(ElectricityPrices.COLUMNS)) {
                return ElectricityPrices.read(table, origin, rows);
            }
            throw new DataException(new Problem(
                    file + ", columns",
                    String.join(",", columns),
                    "those of flights (" + String.join(",", FlightDelays.COLUMNS) + ") or of elec2 ("
                            + String.join(",", ElectricityPrices.COLUMNS) + ")"));
        }
    }
}
