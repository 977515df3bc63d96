package io.millrace.ingestion.table;

import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Rows with named columns, read as a stream from a file or from standard input, in any {@link TableFormat}, gzipped or not.
 * Text is UTF-8, with or without a byte order mark, with any line ends. A row that is broken says so when it is read from,
 * and the rows after it can be read; what breaks the file as a whole (quotes that are never closed, data that end early)
 * ends the iteration with a {@link DataException}.
 *
 * <pre>{@code
 * try (Table table = Table.open(path)) {
 *     Column origin = table.column("origin");
 *     Column delay = table.column("delay");
 *     for (Row row : table) {
 *         use(row.text(origin), row.number(delay));
 *     }
 * }
 * }</pre>
 *
 * <p>The path {@code -} is standard input. Parquet is read from its end: where it comes from a stream or is gzipped, it is
 * first copied to a temporary file.
 *
 * <p>Not thread-safe, and iterated once.
 */
public final class Table implements Iterable<Row>, AutoCloseable {
    private static final Path STANDARD_INPUT = Path.of("-");

    private final TableFormat format;
    private final RowSource source;
    private boolean isIterated;

    private Table(TableFormat format, RowSource source) {
        this.format = format;
        this.source = source;
    }

    /**
     * Opens a file in the format of its name, or standard input in the format that it seems to be in.
     *
     * @throws DataException if it cannot be read, or the name has another ending
     */
    public static Table open(Path path) {
        if (path.equals(STANDARD_INPUT)) {
            return read("standard input", System.in);
        }
        TableFormat format = TableFormat.of(path)
                .orElseThrow(() ->
                        new DataException(new Problem(path.toString(), "unknown ending", TableFormat.expected()), 0));
        return open(path, format);
    }

    /**
     * Opens a file, whatever its name, or standard input.
     *
     * @throws DataException if it cannot be read
     */
    public static Table open(Path path, TableFormat format) {
        if (path.equals(STANDARD_INPUT)) {
            return read("standard input", System.in, format);
        }
        String file = path.toString();
        return new Table(
                format,
                format == TableFormat.PARQUET
                        ? new ParquetSource(file, Input.openChannel(path))
                        : source(file, Input.open(path), format));
    }

    /**
     * Reads a stream in the format that its beginning seems to be in: a brace is NDJSON, the magic numbers are Parquet and
     * Avro, an example of Vowpal Wabbit is that, a first line with a tab is TSV, all else CSV.
     *
     * @param name of the stream, in messages; one that ends in {@code .gz} promises gzip
     * @param stream gzipped or not; closed with the table, or at once where this throws
     * @throws DataException if it cannot be read
     */
    public static Table read(String name, InputStream stream) {
        InputStream input = Input.of(name, stream);
        try {
            TableFormat format = Sniffer.sniff(input);
            return new Table(format, source(name, input, format));
        } catch (IOException e) {
            throw Input.closed(input, Input.unreadable(name, e));
        }
    }

    /** The same in a format that is told. */
    public static Table read(String name, InputStream stream, TableFormat format) {
        return new Table(format, source(name, Input.of(name, stream), format));
    }

    private static RowSource source(String name, InputStream input, TableFormat format) {
        return switch (format) {
            case CSV -> new CsvSource(name, input, ',');
            case TSV -> new CsvSource(name, input, '\t');
            case NDJSON -> new JsonSource(name, input);
            case VW -> new VwSource(name, input);
            case AVRO -> new AvroSource(name, input);
            case PARQUET -> new ParquetSource(name, Input.spool(name, input));
        };
    }

    /** What the rows are read as. */
    public TableFormat format() {
        return format;
    }

    /** Places in the header, from 1, of columns without a name: their values cannot be asked for. */
    public List<Integer> unnamed() {
        return source.columns().unnamed();
    }

    /** The columns of the header or the schema, in their order; none for NDJSON and Vowpal Wabbit, whose lines may differ. */
    public List<String> columns() {
        return source.columns().names();
    }

    /**
     * A column of this table, for reading its rows.
     *
     * @throws DataException if there is a header or a schema, and it lacks the column
     */
    public Column column(String name) {
        return source.columns().get(name);
    }

    /**
     * Asks for columns before the first row is read; does nothing for NDJSON and Vowpal Wabbit.
     *
     * @throws DataException if the header or the schema lacks one
     */
    public void require(Iterable<String> columns) {
        columns.forEach(source.columns()::get);
    }

    /** @throws IllegalStateException on the second call */
    @Override
    public Iterator<Row> iterator() {
        if (isIterated) {
            String file = source.columns().origin().file();
            throw new IllegalStateException(file + ": read twice (expected: one iteration)");
        }
        isIterated = true;
        return new Rows(source);
    }

    @Override
    public void close() {
        source.close();
    }

    private static final class Rows implements Iterator<Row> {
        private final RowSource source;
        private @Nullable Row ahead;

        Rows(RowSource source) {
            this.source = source;
        }

        @Override
        public boolean hasNext() {
            if (ahead == null) {
                ahead = source.next();
            }
            return ahead != null;
        }

        @Override
        public Row next() {
            if (!hasNext() || ahead == null) {
                throw new NoSuchElementException();
            }
            Row row = ahead;
            ahead = null;
            return row;
        }
    }
}
