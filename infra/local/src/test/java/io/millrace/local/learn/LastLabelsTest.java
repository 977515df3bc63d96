package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.StartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastLabelsTest {
    @TempDir
    private Path directory;

    private Path data;
    private Path model;
    private Path labels;

    @BeforeEach
    void save() throws Exception {
        data = Files.writeString(directory.resolve("a.csv"), "y,a\n1,s\n0,t\n1,s\n1,t\n0,s\n");
        model = directory.resolve("m");
        labels = model.resolve("last-labels.txt");
        run().features("a", "", List.of(), List.of(), 3).save(model).run();
        assertThat(Files.readAllLines(labels).subList(1, 4)).containsExactly("1.0", "1.0", "0.0");
    }

    @Test
    void aFileWithoutItsChecksumIsRefused() throws Exception {
        Files.write(labels, Files.readAllLines(labels).subList(1, 4));
        refused(
                ", line 1: 1.0 (expected: how many labels, and their checksum, as --save wrote it: # 3 labels, SHA-256 ...)");
        Files.writeString(labels, "");
        refused(
                ", line 1: empty (expected: how many labels, and their checksum, as --save wrote it: # 3 labels, SHA-256"
                        + " ...)");
    }

    @Test
    void aFileThatIsMissingIsRefused() throws Exception {
        Files.delete(labels);
        refused(": missing (expected: the last labels, which are features)");
    }

    @Test
    void aLineThatIsNoLabelIsNamed() throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(labels));
        for (String garbage : List.of("x", "", "NaN")) {
            lines.set(2, garbage);
            Files.write(labels, lines);
            refused(", line 3: " + garbage + " (expected: a label, as --save wrote it)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shorter", "edited", "another's"})
    void aFileThatWasChangedIsRefused(String how) throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(labels));
        switch (how) {
            case "shorter" -> Files.write(labels, lines.subList(0, 3));
            case "edited" -> {
                lines.set(2, "0.0");
                Files.write(labels, lines);
            }
            default -> {
                Path other = directory.resolve("other");
                run().features("a", "", List.of(), List.of(), 3)
                        .limit(4)
                        .save(other)
                        .run();
                Files.copy(other.resolve("last-labels.txt"), labels, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        assertThatThrownBy(() -> run().from(model).run())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("--from: " + labels + ": ")
                .hasMessageContaining("labels, changed since they were saved (expected: as --save wrote it: 3 labels");
    }

    private void refused(String rest) {
        assertThatThrownBy(() -> run().from(model).run())
                .isInstanceOf(StartException.class)
                .hasMessage("--from: " + labels + rest);
    }

    private TestingRun run() {
        return new TestingRun(data, "y");
    }
}
