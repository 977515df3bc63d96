package io.millrace.ingestion.replay;

import java.util.List;
import java.util.Optional;

/** Rows of one file format, in the order of the file. Not thread-safe. */
sealed interface RowSource extends AutoCloseable permits CsvSource, JsonSource {
    /** Column names in their order, where the format names them up front; else none. */
    List<String> columns();

    /** @throws DataException if the format names its columns up front and one is missing */
    void require(Iterable<String> columns);

    /**
     * The next row, if there is one.
     *
     * @throws DataException if the file cannot be read on
     */
    Optional<Row> next();

    @Override
    void close();
}
