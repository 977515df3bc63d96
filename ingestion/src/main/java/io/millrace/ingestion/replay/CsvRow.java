package io.millrace.ingestion.replay;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.regex.Pattern;

final class CsvRow extends Row {
    /** What the decoder puts where bytes are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private static final Predicate<String> QUOTED = Pattern.compile("[,\"\r\n]").asPredicate();

    private final Header header;
    private final CsvRecord fields;

    CsvRow(String file, Header header, CsvRecord fields) {
        super(file, fields.getStartingLineNumber());
        this.header = header;
        this.fields = fields;
    }

    @Override
    public Optional<String> find(String column) {
        if (fields.getFieldCount() != header.size()) {
            throw wrong(fields.getFieldCount() + " fields", header.size() + " fields as in the header");
        }
        String value = fields.getField(header.index(column));
        if (value.indexOf(REPLACEMENT) >= 0) {
            throw wrong(column, value, "a text in UTF-8");
        }
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    @Override
    public List<String> list(String column, String separator) {
        return find(column).map(text -> split(text, separator)).orElse(List.of());
    }

    @Override
    public String raw() {
        StringJoiner text = new StringJoiner(",");
        fields.getFields().forEach(field -> text.add(QUOTED.test(field) ? quote(field) : field));
        return text.toString();
    }

    private static String quote(String field) {
        return '"' + field.replace("\"", "\"\"") + '"';
    }

    static List<String> split(String text, String separator) {
        return Pattern.compile(separator, Pattern.LITERAL)
                .splitAsStream(text)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
