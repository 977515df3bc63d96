package io.millrace.ingestion.table;

import org.jspecify.annotations.Nullable;

/** Rows of one file format, in the order of the file. Not thread-safe. */
sealed interface RowSource extends AutoCloseable permits CsvSource, JsonSource, VwSource, AvroSource, ParquetSource {
    /** The columns, known up front or named by each row. */
    Columns columns();

    /**
     * The next row; null after the last.
     *
     * @throws DataException if the file cannot be read on
     */
    @Nullable
    Row next();

    /** @throws DataException if the file cannot be closed */
    @Override
    void close();
}
