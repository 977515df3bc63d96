package io.millrace.local.demo;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * A CSV file with a header, plain or gzipped (told by its first bytes), of which some columns are wanted, in any order.
 * Whatever is wrong becomes a {@link DemoDataException} that names the file, the line and the column.
 */
final class DataTable {
    private static final int GZIP_MAGIC = 0x1f8b;

    private final String file;
    private final List<String> columns;
    private final String expected;

    private DataTable(String file, List<String> columns) {
        this.file = file;
        this.columns = List.copyOf(columns);
        this.expected = "a CSV file with the columns " + String.join(", ", columns);
    }

    /** Gives every row of a file, in order, to {@code rows}; the row's columns are numbered as in {@code columns}. */
    static void read(Path file, List<String> columns, Consumer<DataRow> rows) {
        DataTable table = new DataTable(file.toString(), columns);
        if (!Files.exists(file)) {
            throw DemoDataException.missing(file, table.expected);
        }
        if (!Files.isRegularFile(file)) {
            throw DemoDataException.of(table.file, "not a file", table.expected);
        }
        try (InputStream in = Files.newInputStream(file)) {
            table.read(in, rows);
        } catch (IOException | UncheckedIOException e) {
            throw DemoDataException.of(table.file, "unreadable: " + e.getMessage(), table.expected);
        }
    }

    /** The same from a stream, which is closed; {@code file} is its name in messages. */
    static void read(InputStream in, String file, List<String> columns, Consumer<DataRow> rows) throws IOException {
        new DataTable(file, columns).read(in, rows);
    }

    private void read(InputStream raw, Consumer<DataRow> rows) throws IOException {
        Consumer<CsvRecord> reading = new Reading(rows);
        long line = 0;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .commentStrategy(CommentStrategy.NONE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .detectBomHeader(true)
                .ofCsvRecord(unzipped(raw), StandardCharsets.UTF_8)) {
            for (CsvRecord csv : reader) {
                line = csv.getStartingLineNumber();
                reading.accept(csv);
            }
        } catch (CsvParseException | UncheckedIOException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw DemoDataException.of(file + ", after line " + line, "unreadable: " + reason.getMessage(), expected);
        }
        if (line == 0) {
            throw DemoDataException.of(file, "empty", expected);
        }
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private final class Reading implements Consumer<CsvRecord> {
        private final Consumer<DataRow> rows;
        private final int[] positions = new int[columns.size()];
        private int width;

        Reading(Consumer<DataRow> rows) {
            this.rows = rows;
        }

        @Override
        public void accept(CsvRecord csv) {
            if (width == 0) {
                header(csv);
                return;
            }
            if (csv.getFieldCount() != width) {
                throw DemoDataException.of(
                        file + ", line " + csv.getStartingLineNumber(),
                        csv.getFieldCount() + (csv.getFieldCount() == 1 ? " field" : " fields"),
                        width + ", as in the header");
            }
            rows.accept(new DataRow(file, columns, positions, csv));
        }

        private void header(CsvRecord csv) {
            width = csv.getFieldCount();
            for (int i = 0; i < positions.length; i++) {
                positions[i] = csv.getFields().indexOf(columns.get(i));
                if (positions[i] < 0) {
                    throw DemoDataException.of(
                            file + ", line " + csv.getStartingLineNumber() + ", column " + columns.get(i),
                            "missing",
                            expected);
                }
            }
        }
    }
}
