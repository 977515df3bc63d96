package io.millrace.local.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.local.StartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedTest {
    @TempDir
    private Path directory;

    @Test
    void idsAreReadWithHowOftenTheyWerePosted() throws Exception {
        assertThat(read("a\nb c\t3\n\nd\t1\n")).containsExactly("a 1", "b c 3", "d 1");
    }

    @Test
    void aWrongNumberIsToldWithItsLine() {
        for (String wrong : List.of("x", "0", "-1", "1000001", "")) {
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> read("a\nb\t" + wrong))
                    .withMessageContaining("line 2: " + wrong)
                    .withMessageContaining("(expected: after the tab, how often it was posted: 1 to 1000000)");
        }
    }

    @Test
    void aMissingFileIsTold() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> new Acknowledged(directory.resolve("none")).read((id, posts) -> true))
                .withMessageContaining("no such file or directory (expected: a feedback id a line)");
    }

    private List<String> read(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("acknowledged"), text);
        List<String> ids = new ArrayList<>();
        new Acknowledged(file).read((id, posts) -> ids.add(id + " " + posts));
        return ids;
    }
}
