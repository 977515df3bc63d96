package io.millrace.local.cli;

import io.millrace.ingestion.table.TableFormat;
import io.millrace.local.learn.ExampleOptions;
import io.millrace.local.learn.LearnOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of any command that reads examples from a file: which columns are what. */
public final class ExampleFlags {
    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv, tsv, ndjson, parquet, avro or vw, where the file's name does not tell.")
    private @Nullable TableFormat format;

    @Option(
            names = "--label",
            paramLabel = "WHAT",
            description = "A column, or an expression with >, >=, <, <=, = or !=: 'delay > 15', 'class = UP'.")
    private @Nullable String label;

    @Option(
            names = "--categorical",
            paramLabel = "NAMES",
            description =
                    "Columns whose values are names; globs, too. Without this and --numeric, the first 1,000 rows tell.")
    private List<String> categorical = List.of();

    @Option(names = "--numeric", paramLabel = "NAMES", description = "Columns whose values are numbers; globs, too.")
    private List<String> numeric = List.of();

    @Option(
            names = "--time",
            paramLabel = "NAME",
            description =
                    "The column of event times, ISO 8601 or numbers since 1970; the features hour and weekday are derived of it.")
    private @Nullable String time;

    @Option(
            names = "--cross",
            paramLabel = "A*B",
            description = "2 to 4 columns whose combinations get weights of their own; repeatable.")
    private List<String> crosses = List.of();

    @Option(
            names = "--bin",
            paramLabel = "NAME[:WIDTH]",
            description = "A number in bins: of this width, or else filled evenly, their edges learned; repeatable.")
    private List<String> bins = List.of();

    @Option(
            names = "--lag-label",
            paramLabel = "N",
            defaultValue = "0",
            description = "The last N labels that have arrived, as features lag_1 to lag_N.")
    private int lags;

    /** What was given. */
    public ExampleOptions options() {
        return new ExampleOptions(
                format, label, time, new LearnOptions.Features(categorical, numeric, crosses, bins, lags));
    }
}
