package io.millrace.ingestion.table;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** CSV as RFC 4180 has it, or with another separator, with a header; empty lines are passed over. */
final class CsvSource implements RowSource {
    /** The parser's messages say where a broken record starts; its exception does not. */
    private static final Pattern PLACE = Pattern.compile("line (\\d+)");

    /** Of a field, in characters; what is longer mostly is a quote that was never closed. */
    private static final int MAX_FIELD = 16 << 20;

    private static final String FIELD_TOO_LONG = "maximum buffer size";
    private static final String ROW_TOO_LONG = "max record size";

    private final Columns.Origin origin;
    private final char separator;
    private final boolean isObject;
    private final CloseableIterator<CsvRecord> records;
    private final Columns columns;
    private long line;

    CsvSource(String file, InputStream input, char separator) {
        this.origin = new Columns.Origin(file, "line");
        this.separator = separator;
        this.isObject = isObject(file, input);
        this.records = CsvReader.builder()
                .fieldSeparator(separator)
                .detectBomHeader(true)
                .maxBufferSize(MAX_FIELD)
                .allowUnclosedQuote(false)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(input, StandardCharsets.UTF_8)
                .iterator();
        try {
            CsvRecord first = read();
            if (first == null) {
                throw new DataException(new Problem(origin.place(1), "empty", "a header line"), 1);
            }
            this.columns = Columns.ofHeader(origin, first.getStartingLineNumber(), first.getFields());
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    /** Whether the file begins as a line of JSON does. */
    private static boolean isObject(String file, InputStream marked) {
        try {
            marked.mark(1);
            int first = marked.read();
            marked.reset();
            return first == '{';
        } catch (IOException e) {
            throw Input.closed(marked, Input.unreadable(file, e));
        }
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        CsvRecord fields = read();
        return fields == null ? null : new CsvRow(columns, separator, fields);
    }

    private @Nullable CsvRecord read() {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord next = records.next();
            line = next.getStartingLineNumber();
            return next;
        } catch (UncheckedIOException e) {
            throw Input.unreadable(origin, line, e.getCause());
        } catch (CsvParseException e) {
            throw broken(e);
        }
    }

    private DataException tooLong(String what, String limit, CsvParseException e) {
        return new DataException(
                new Problem(
                        origin.place(line + 1),
                        what + " of over " + limit + " characters",
                        what + " of at most that; is a quote not closed?"),
                line + 1,
                e);
    }

    private DataException broken(CsvParseException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains(FIELD_TOO_LONG)) {
            return tooLong("a field", "16 Mi", e);
        }
        if (message.contains(ROW_TOO_LONG)) {
            return tooLong("a row", "64 Mi", e);
        }
        Matcher place = PLACE.matcher(message);
        long broken = place.find() ? Long.parseLong(place.group(1)) : line + 1;
        String reason = message.lines().findFirst().orElse("").replaceFirst(" \\(.*", "");
        String format = separator == '\t' ? "TSV" : "CSV";
        String hint = isObject ? "; this seems to be NDJSON" : "";
        return new DataException(
                new Problem(origin.place(broken), reason, format + " whose quotes are closed" + hint), broken, e);
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw Input.unreadable(origin, line, e);
        }
    }
}
