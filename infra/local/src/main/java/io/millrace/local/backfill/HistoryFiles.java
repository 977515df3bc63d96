package io.millrace.local.backfill;

import io.millrace.ingestion.table.TableFormat;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files that a user names: each by itself, or all in a directory and below. Stateless. */
final class HistoryFiles {
    private static final String EXPECTED =
            "files of events (.ndjson, .jsonl, .avro, or with --time .csv, .tsv, .parquet), gzipped or not, or directories of such";

    private HistoryFiles() {}

    /**
     * Finds them, those of a directory in the order of their names.
     *
     * @throws StartException that says of all that are wrong what is
     */
    static List<Path> find(List<Path> given) throws StartException {
        List<Path> found = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path path : given) {
            try {
                find(path, found, problems);
            } catch (IOException e) {
                problems.add(new Problem("--from " + path, IoReasons.of(e), EXPECTED));
            }
        }
        if (!problems.isEmpty()) {
            throw new StartException(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return found;
    }

    private static void find(Path path, List<Path> found, List<Problem> problems) throws IOException {
        if (!Files.exists(path)) {
            problems.add(Problem.missing("--from " + path, EXPECTED));
            return;
        }
        if (!Files.isDirectory(path)) {
            if (isReadable(path)) {
                found.add(path);
            } else {
                problems.add(new Problem("--from " + path, "unknown ending", EXPECTED));
            }
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> readable = all.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(path.relativize(file)))
                    .filter(HistoryFiles::isReadable)
                    .sorted()
                    .toList();
            if (readable.isEmpty()) {
                problems.add(new Problem("--from " + path, "nothing in it", EXPECTED));
            }
            found.addAll(readable);
        }
    }

    /** What writers have not finished, or say of their own. */
    private static boolean isHidden(Path file) {
        for (Path name : file) {
            if (name.toString().startsWith(".") || name.toString().startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReadable(Path file) {
        return TableFormat.of(file).filter(format -> format != TableFormat.VW).isPresent();
    }
}
