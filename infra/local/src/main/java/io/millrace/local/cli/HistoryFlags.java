package io.millrace.local.cli;

import io.millrace.local.StartException;
import io.millrace.local.backfill.HistoryInput;
import io.millrace.local.backfill.Tables;
import io.millrace.wire.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Files, and where they are tables, how their rows become events. */
final class HistoryFlags {
    @Option(
            names = "--from",
            paramLabel = "FILES",
            required = true,
            preprocessor = ToTheNextFlag.class,
            description = {
                "Files and directories: .ndjson or .jsonl as POST /v1/events takes them, .avro of our Event or Outcome,",
                "or tables (.csv, .tsv, .parquet and the others) with --time. Gzipped or not. Repeatable: what is said",
                "of tables holds for the --from that it follows."
            })
    private String from;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Of tables: the kind of the events, as the spec has it.")
    private @Nullable String kind;

    @Option(names = "--time", paramLabel = "COLUMN", description = "Of tables: when it happened.")
    private @Nullable String time;

    @Option(
            names = "--time-unit",
            paramLabel = "UNIT",
            description = "Of times that are numbers since 1970: s, ms, us or ns; else they are ISO 8601.")
    private @Nullable String timeUnit;

    @Option(
            names = "--id",
            paramLabel = "COLUMN",
            description = "Of tables: the events' ids; made of file name, line and content where not given.")
    private @Nullable String id;

    @Option(
            names = "--column",
            paramLabel = "NAME=COLUMN",
            description = "Of tables: an entity or value that is in a column of another name.")
    private Map<String, String> columns = new LinkedHashMap<>();

    HistoryInput input() throws StartException {
        List<Path> files = Arrays.stream(from.split(",")).map(Path::of).toList();
        if (time != null) {
            return new HistoryInput(files, new Tables(kind, time, Tables.unit(timeUnit), id, columns));
        }
        if (kind != null || timeUnit != null || id != null || !columns.isEmpty()) {
            throw new StartException(
                    Problem.missing("--time", "behind --from " + from + ", since rows of tables are described")
                            .toString());
        }
        return new HistoryInput(files, null);
    }

    /** Makes one value of several, as a shell gives them for a pattern: a list would not begin another group of flags. */
    private static final class ToTheNextFlag implements IParameterPreprocessor {
        @Override
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            List<String> files = new ArrayList<>();
            while (!arguments.isEmpty() && !arguments.peek().startsWith("--")) {
                files.add(arguments.pop());
            }
            if (!files.isEmpty()) {
                arguments.push(String.join(",", files));
            }
            return false;
        }
    }
}
