package io.millrace.ingestion.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Tells the format of a stream that does not say it. Stateless. */
final class Sniffer {
    private static final String PARQUET = "PAR1";
    private static final String AVRO = "Obj\u0001";

    /** Numbers, perhaps with the colons of a label that is not read, and a tag, before the first bar. */
    private static final Pattern VW = Pattern.compile(
            "[ \t]*((shared|[-+]?[.0-9][-+.0-9eE:]*)[ \t]*([ \t][-+.0-9eE:]+){0,9}[ \t]*)?('[^ \t|]*[ \t]*)?\\|.*"
                    + "|[ \t]*[-+]?[.0-9][-+.0-9eE]*[ \t]+([-+.0-9eE]+[ \t]+){0,2}[^ \t|,]+\\|.*");

    private Sniffer() {}

    /**
     * Looks at the beginning of a stream, which stays where it is: {@code {} is NDJSON, the magic numbers are Parquet and
     * Avro, an example of Vowpal Wabbit is that, a first line with a tab is TSV, all else CSV.
     *
     * @param marked a stream that can be marked
     */
    static TableFormat sniff(InputStream marked) throws IOException {
        marked.mark(Input.BUFFER);
        byte[] head = marked.readNBytes(Input.BUFFER);
        marked.reset();
        return sniff(head);
    }

    static TableFormat sniff(byte[] head) {
        String bytes = new String(head, StandardCharsets.ISO_8859_1);
        if (bytes.startsWith(PARQUET)) {
            return TableFormat.PARQUET;
        }
        if (bytes.startsWith(AVRO)) {
            return TableFormat.AVRO;
        }
        String text = bytes.startsWith("\u00EF\u00BB\u00BF") ? bytes.substring(3) : bytes;
        String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
        if (first.stripLeading().startsWith("{")) {
            return TableFormat.NDJSON;
        }
        if (VW.matcher(first).matches()) {
            return TableFormat.VW;
        }
        return first.indexOf('\t') >= 0 ? TableFormat.TSV : TableFormat.CSV;
    }
}
