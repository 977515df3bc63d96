package io.millrace.ingestion.replay;

import io.millrace.wire.Problem;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A file of rows with named columns, read as a stream: CSV with a header, or NDJSON, gzipped or not. UTF-8, with or without
 * a byte order mark; any line ends. A row that is broken says so when it is read from, and the rows after it can be read;
 * what breaks the file as a whole (quotes that are never closed, gzip data that end early) ends the iteration with a
 * {@link DataException}.
 *
 * <pre>{@code
 * try (Table table = Table.open(path)) {
 *     for (Row row : table) {
 *         use(row.text("origin"), row.number("delay"));
 *     }
 * }
 * }</pre>
 *
 * <p>Not thread-safe, and iterated once.
 */
public final class Table implements Iterable<Row>, AutoCloseable {
    private final String file;
    private final RowSource source;
    private boolean isIterated;

    private Table(String file, RowSource source) {
        this.file = file;
        this.source = source;
    }

    /**
     * Opens a file, whose format is that of its name: {@code .csv}, {@code .ndjson} or {@code .jsonl}, before {@code .gz} if
     * there is one.
     *
     * @throws DataException if it cannot be read, or the name has another ending
     */
    public static Table open(Path path) {
        String name = bareName(path);
        if (name.endsWith(".csv")) {
            return csv(path);
        }
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return ndjson(path);
        }
        throw new DataException(
                new Problem(path.toString(), "unknown ending", ".csv, .ndjson or .jsonl, then .gz or not"), 0);
    }

    /** Opens a CSV file, whatever its name. */
    public static Table csv(Path path) {
        return new Table(path.toString(), new CsvSource(path.toString(), Input.open(path)));
    }

    /**
     * Reads CSV from a stream, gzipped or not, which is closed with the table, or at once where this throws.
     *
     * @param name of the stream, in messages; one that ends in {@code .gz} promises gzip
     */
    public static Table csv(String name, InputStream stream) {
        return new Table(name, new CsvSource(name, Input.of(name, stream)));
    }

    /** Opens a file with one JSON object a line, whatever its name. */
    public static Table ndjson(Path path) {
        return new Table(path.toString(), new JsonSource(path.toString(), Input.open(path)));
    }

    /** The columns of a CSV file, in their order; none for NDJSON, whose lines may differ. */
    public List<String> columns() {
        return source.columns();
    }

    /**
     * Asks for columns before the first row is read; does nothing for NDJSON.
     *
     * @throws DataException if the header lacks one
     */
    public void require(Iterable<String> columns) {
        source.require(columns);
    }

    /** @throws IllegalStateException on the second call */
    @Override
    public Iterator<Row> iterator() {
        if (isIterated) {
            throw new IllegalStateException(file + ": read twice (expected: one iteration)");
        }
        isIterated = true;
        return new Rows(source);
    }

    @Override
    public void close() {
        source.close();
    }

    /** The file's own name, without {@code .gz}: the same for a file before and after it is packed. */
    static String bareName(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }

    private static final class Rows implements Iterator<Row> {
        private final RowSource source;
        private Optional<Row> ahead = Optional.empty();

        Rows(RowSource source) {
            this.source = source;
        }

        @Override
        public boolean hasNext() {
            if (ahead.isEmpty()) {
                ahead = source.next();
            }
            return ahead.isPresent();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Row row = ahead.orElseThrow();
            ahead = Optional.empty();
            return row;
        }
    }
}
