package io.millrace.ingestion.replay;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CSV as RFC 4180 has it, with a header; empty lines are passed over. */
final class CsvSource implements RowSource {
    /** The parser's messages say where a broken record starts; its exception does not. */
    private static final Pattern PLACE = Pattern.compile("line (\\d+)");

    private final String file;
    private final CloseableIterator<CsvRecord> records;
    private final Header header;
    private long line;

    CsvSource(String file, InputStream input) {
        this.file = file;
        this.records = CsvReader.builder()
                .detectBomHeader(true)
                .allowUnclosedQuote(false)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(input, StandardCharsets.UTF_8)
                .iterator();
        try {
            CsvRecord first = read().orElseThrow(
                            () -> new DataException(new Problem(file + ", line 1", "empty", "a header line"), 1));
            this.header = Header.of(file, first.getStartingLineNumber(), first.getFields());
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    @Override
    public void require(Iterable<String> columns) {
        columns.forEach(header::index);
    }

    @Override
    public List<String> columns() {
        return header.columns();
    }

    @Override
    public Optional<Row> next() {
        return read().map(fields -> new CsvRow(file, header, fields));
    }

    private Optional<CsvRecord> read() {
        try {
            if (!records.hasNext()) {
                return Optional.empty();
            }
            CsvRecord next = records.next();
            line = next.getStartingLineNumber();
            return Optional.of(next);
        } catch (UncheckedIOException e) {
            throw Input.unreadable(file, line, e.getCause());
        } catch (CsvParseException e) {
            throw broken(e);
        }
    }

    private DataException broken(CsvParseException e) {
        String message = String.valueOf(e.getMessage());
        Matcher place = PLACE.matcher(message);
        long broken = place.find() ? Long.parseLong(place.group(1)) : line + 1;
        String reason = message.lines().findFirst().orElse("").replaceFirst(" \\(.*", "");
        return new DataException(
                new Problem(file + ", line " + broken, reason, "CSV whose quotes are closed"), broken, e);
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw Input.unreadable(file, line, e);
        }
    }
}
