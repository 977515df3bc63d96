package io.millrace.ingestion.table;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a table is written. */
public enum TableFormat {
    /** Comma-separated as RFC 4180 has it, with a header. */
    CSV(".csv"),
    /** The same with tabs for commas. */
    TSV(".tsv"),
    /** One JSON object a line. */
    NDJSON(".ndjson", ".jsonl"),
    /** Apache Parquet. */
    PARQUET(".parquet"),
    /** Avro object container files. */
    AVRO(".avro"),
    /** Vowpal Wabbit's text: {@code label [importance [base]] ['tag]|namespace[:scale] feature[:value] ...}. */
    VW(".vw", ".dat");

    private static final String PACKED = ".gz";

    private final List<String> endings;

    TableFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /** How names of such files end, before {@code .gz} if there is one. */
    public List<String> endings() {
        return endings;
    }

    /** The format of a file by its name's ending, {@code .gz} or not. */
    public static Optional<TableFormat> of(Path file) {
        String name = bareName(file);
        return Arrays.stream(values())
                .filter(format -> format.endings.stream().anyMatch(name::endsWith))
                .findFirst();
    }

    /** What a text seems to be by its first line, as for a stream that does not say it. */
    public static TableFormat ofText(String text) {
        return Sniffer.sniff(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The file's own name, without {@code .gz}: the same for a file before and after it is packed. */
    public static String bareName(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
    }

    /** All endings, for people. */
    static String expected() {
        List<String> all = Arrays.stream(values())
                .flatMap(format -> format.endings.stream())
                .toList();
        int last = all.size() - 1;
        return all.subList(0, last).stream().collect(Collectors.joining(", ")) + " or " + all.get(last)
                + ", then .gz or not";
    }
}
