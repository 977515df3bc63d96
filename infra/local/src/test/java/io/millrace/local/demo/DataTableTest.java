package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTableTest {
    private static final String CONTENT = "name,n\n\"Smith, \n\"\"J\"\"\",1\r\n\r\nBob,2\n";

    @TempDir
    Path folder;

    private List<String> read(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("table"), content);
        List<String> rows = new ArrayList<>();
        DataTable.read(file, List.of("n", "name"), row -> rows.add(row.whole(0, 0, 10) + " " + row.text(1)));
        return rows;
    }

    @Test
    void readsPlainAndGzippedFilesWhateverTheyAreCalled() throws IOException {
        List<String> expected = List.of("1 Smith, \n\"J\"", "2 Bob");
        assertThat(read(CONTENT.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
        assertThat(read(gzip(CONTENT))).isEqualTo(expected);
        assertThat(read(("\ufeff" + CONTENT).getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @Test
    void countsLinesWithinQuotesAndEmptyOnes() {
        assertThatThrownBy(() -> read((CONTENT + "Eve,11\n").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DemoDataException.class)
                .hasMessage(folder.resolve("table") + ", line 6, column n: \"11\" (expected: a whole number, 0 to 10)");
    }

    @Test
    void saysWhereATruncatedFileEnds() throws IOException {
        byte[] whole = gzip(CONTENT + "Bob,2\n".repeat(100_000));
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOf(DemoDataException.class)
                .hasMessageStartingWith(folder.resolve("table") + ", after line ")
                .hasMessageContaining("unreadable: Unexpected end of ZLIB input stream");
    }

    @Test
    void refusesBytesThatAreNoTable() {
        assertThatThrownBy(() -> read(new byte[] {0x1f, (byte) 0x8b, 7, 7, 7}))
                .isInstanceOf(DemoDataException.class)
                .hasMessageStartingWith(folder.resolve("table") + ": unreadable: ");
        assertThatThrownBy(() -> read(new byte[0]))
                .isInstanceOf(DemoDataException.class)
                .hasMessage(folder.resolve("table") + ": empty (expected: a CSV file with the columns n, name)");
        assertThatThrownBy(() -> DataTable.read(folder, List.of("n"), row -> {}))
                .hasMessage(folder + ": not a file (expected: a CSV file with the columns n)");
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
