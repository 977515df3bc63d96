package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import io.millrace.local.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PredictionFileTest {
    private static final String GOOD = "y,a\n" + "1,s\n0,t\n".repeat(3_000);

    @TempDir
    private Path directory;

    @Test
    void aRunThatFailsLeavesAnEarlierFileAndNoHalfOne() throws Exception {
        Path file = directory.resolve("p.csv");
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), file);
        run(GOOD).predictions(file).run();
        String before = Files.readString(file);
        assertThat(before.lines()).hasSize(6_001);
        assertThatThrownBy(() -> run(GOOD + "2,s\n").predictions(file).run()).isInstanceOf(DataException.class);
        assertThatThrownBy(
                        () -> run("y,a\n2,s\n").skipsBadRows().predictions(link).run())
                .hasMessageContaining("all skipped");
        assertThat(file).hasContent(before);
        run("y,a\n1,s\n").predictions(link).run();
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(link).isSymbolicLink();
        assertThat(names()).containsExactlyInAnyOrder("a.csv", "p.csv", "link.csv");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDeviceThatIsFullIsToldInOneSentence() {
        assertThatThrownBy(() -> run(GOOD).predictions(Path.of("/dev/full")).run())
                .isInstanceOf(StartException.class)
                .hasMessage("--predictions: /dev/full: no space left on device (expected: a file that can be written)");
        assertThat(Path.of("/dev/full.part")).doesNotExist();
    }

    @Test
    void labelsAreWrittenAsTheyAre() throws Exception {
        Path file = directory.resolve("p.csv");
        run("y,a\n1e19,s\n-3e20,s\n9007199254740991,s\n9223372036854775808,s\n0.5,s\n-7,s\n")
                .model("absolute", Map.of("bits", "8"))
                .predictions(file)
                .run();
        assertThat(Files.readAllLines(file).stream().skip(1).map(line -> line.split(",")[2]))
                .containsExactly("1.0E19", "-3.0E20", "9007199254740991", "9.223372036854776E18", "0.5", "-7");
    }

    private TestingRun run(String data) throws IOException {
        return new TestingRun(Files.writeString(directory.resolve("a.csv"), data), "y");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
