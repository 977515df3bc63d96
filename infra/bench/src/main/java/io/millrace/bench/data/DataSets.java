package io.millrace.bench.data;

import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.local.StartException;
import io.millrace.local.learn.ExampleOptions;
import io.millrace.wire.Problem;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Opens data sets by name: what is built in, a file that is known by its columns, or any file with flags that say what is what. */
public final class DataSets {
    /** The names of what is built in. */
    public static final List<String> BUILT_IN = List.of("synthetic", "flights");

    private static final String SLICE = "/demo/flights.csv.gz";
    private static final long SEED = 1;

    private DataSets() {}

    /**
     * @param source a name of {@link #BUILT_IN}, or a file
     * @param rows at most how many examples, the first ones
     * @param how what is what in the file, where its columns do not tell
     * @param tell receives what became of the columns
     * @throws DataException if it cannot be read, or nobody knows what to predict in it
     * @throws StartException if it is not as the options say
     */
    public static List<DataSet> open(String source, int rows, ExampleOptions how, Consumer<String> tell)
            throws StartException {
        if (BUILT_IN.contains(source) && how.areGiven()) {
            throw new StartException(
                    "--data: " + source + ", with flags about its columns (expected: a file, or no such flags)");
        }
        return switch (source) {
            case "synthetic" -> List.of(Synthetic.of(rows, Synthetic.FEATURES, SEED));
            case "flights" -> List.of(slice(rows));
            default -> read(Path.of(source), rows, how, tell);
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

    private static List<DataSet> read(Path file, int rows, ExampleOptions how, Consumer<String> tell)
            throws StartException {
        if (!how.areGiven()) {
            String origin = file.getFileName().toString();
            try (Table table = how.format() == null ? Table.open(file) : Table.open(file, how.format())) {
                List<String> columns = table.columns();
                if (columns.containsAll(FlightDelays.COLUMNS)) {
                    return List.of(FlightDelays.read(table, origin, rows));
                }
                if (columns.containsAll(ElectricityPrices.COLUMNS)) {
                    return ElectricityPrices.read(table, origin, rows);
                }
                if (!columns.isEmpty()) {
                    throw unknown(file, columns);
                }
            }
        }
        return List.of(OwnFile.read(file, rows, how, tell));
    }

    private static DataException unknown(Path file, List<String> columns) {
        return new DataException(new Problem(
                file + ", columns",
                String.join(",", columns),
                "--label and the other flags of millrace learn; without them, the columns of flights ("
                        + String.join(",", FlightDelays.COLUMNS) + ") or of elec2 ("
                        + String.join(",", ElectricityPrices.COLUMNS) + ")"));
    }
}
