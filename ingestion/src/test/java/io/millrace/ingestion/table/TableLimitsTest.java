package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too long, and what was given as something that it is not. */
class TableLimitsTest {
    private static final int MEBI = 1 << 20;

    @TempDir
    private Path directory;

    private TestingFiles files;

    @BeforeEach
    void begin() {
        files = new TestingFiles(directory);
    }

    @Test
    void namesTheLimitOfAField() {
        refused("a\n1\n" + "x".repeat(17 * MEBI) + "\n", "a field of over 16 Mi characters", "a field");
        refused("a\n1\n\"" + "x\n".repeat(9 * MEBI), "a field of over 16 Mi characters", "a field");
    }

    @Test
    void namesTheLimitOfARow() {
        String field = "x".repeat(6 * MEBI) + ",";
        refused("a\n1\n" + field.repeat(12) + "\n", "a row of over 64 Mi characters", "a row");
    }

    private void refused(String text, String value, String what) {
        Path path = files.write("t.csv", text);
        assertThatThrownBy(() -> read(path))
                .isInstanceOf(DataException.class)
                .hasMessage(path + ", line 3: " + value + " (expected: " + what
                        + " of at most that; is a quote not closed?)");
    }

    @Test
    void namesTheLimitOfALine() {
        String line = "x".repeat(17 * MEBI);
        Path json = files.write("t.ndjson", "{\"a\":1}\n{\"a\":\"" + line + "\"}\n");
        assertThatThrownBy(() -> read(json))
                .hasMessage(
                        json + ", line 2: a line of over 16 MiB (expected: one JSON object a line, of at most 16 MiB)");
        Path vw = files.write("t.vw", "1 |a " + line);
        assertThatThrownBy(() -> read(vw))
                .hasMessage(
                        vw + ", line 1: a line of over 16 MiB (expected: " + VwRow.EXAMPLE + ", of at most 16 MiB)");
    }

    @Test
    void saysThatBrokenCsvSeemsToBeJson() {
        Path path = files.write("t.csv", "{\"a\":1,\"b\":2}\n");
        assertThatThrownBy(() -> read(path))
                .hasMessageStartingWith(path + ", line 1: ")
                .hasMessageEndingWith(" (expected: CSV whose quotes are closed; this seems to be NDJSON)");
    }

    @Test
    void knowsColumnsWithoutANameAndWhatItReads() {
        try (Table table = Table.open(files.write("t.tsv", "\ta\t \tb\n1\t2\t3\t4\n"))) {
            assertThat(table.format()).isEqualTo(TableFormat.TSV);
            assertThat(table.columns()).containsExactly("a", "b");
            assertThat(table.unnamed()).containsExactly(1, 3);
            assertThat(table).extracting(row -> row.text("b")).containsExactly("4");
        }
        assertThat(TableFormat.ofText("1 |f a")).isEqualTo(TableFormat.VW);
        assertThat(TableFormat.ofText("{}")).isEqualTo(TableFormat.NDJSON);
    }

    private static void read(Path path) {
        try (Table table = Table.open(path)) {
            for (Row row : table) {
                assertThat(row.place()).startsWith(path + ", line ");
            }
        }
    }
}
