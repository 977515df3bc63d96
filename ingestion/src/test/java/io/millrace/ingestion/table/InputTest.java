package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTest {
    @TempDir
    private Path directory;

    @Test
    void saysInOneSentenceThatAFileMayNotBeRead() throws IOException {
        assertThat(Input.unreadable("t.csv", new AccessDeniedException("t.csv")))
                .hasMessage("t.csv: no permission (expected: a file that can be read)");
        Path path = new TestingFiles(directory).write("t.csv", "a\n");
        Files.setPosixFilePermissions(path, Set.of());
        assumeFalse(Files.isReadable(path), "this user may read everything");
        for (TableFormat format : TableFormat.values()) {
            assertThatThrownBy(() -> Table.open(path, format))
                    .isInstanceOf(DataException.class)
                    .hasMessage(path + ": no permission (expected: a file that can be read)");
        }
    }

    @Test
    void readsStandardInput() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("a\tb\n1\tx\n".getBytes(StandardCharsets.UTF_8)));
            try (Table table = Table.open(Path.of("-"))) {
                assertThatThrownBy(() -> table.iterator().next().number("b"))
                        .hasMessage("standard input, line 2, column b: x (expected: a finite number)");
            }
            System.setIn(new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)));
            try (Table table = Table.open(Path.of("-"), TableFormat.CSV)) {
                assertThat(table.columns()).containsExactly("{}");
            }
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void leavesNoCopyBehind() throws IOException {
        byte[] bytes = "PAR1 and no more".getBytes(StandardCharsets.UTF_8);
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        long before = copies(temporary);
        assertThatThrownBy(() -> Table.read("x", new ByteArrayInputStream(bytes)))
                .hasMessage("x: ends without a footer (expected: a whole Parquet file)");
        assertThat(copies(temporary)).isEqualTo(before);
    }

    private static long copies(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".table"))
                    .count();
        }
    }
}
