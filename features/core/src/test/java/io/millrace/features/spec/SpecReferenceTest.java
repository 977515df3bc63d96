package io.millrace.features.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpecReferenceTest {
    private static final Path PAGE = Path.of("../../docs/spec.md");

    @Test
    void isThePageInTheDocs() throws IOException {
        String expected = SpecReference.markdown();
        if (Boolean.getBoolean("millrace.write-docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("write it anew: mvn -pl features/core -am test -Dtest=SpecReferenceTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.write-docs=true")
                .isEqualTo(expected);
    }

    @Test
    void showsAnExampleThatCanBeRead() {
        PipelineSpec spec = SpecReader.read(SpecReference.EXAMPLE, "docs/spec.md");
        assertThat(spec.policy().popularity()).isEqualTo(0.1);
        assertThat(SpecReference.markdown()).contains(SpecReference.EXAMPLE);
    }

    @Test
    void hasARowForEverySetting() {
        Stream.concat(
                        Settings.all().stream(),
                        Settings.LEARNERS.values().stream().flatMap(settings -> settings.stream()))
                .forEach(entry -> assertThat(SpecReference.markdown()).contains("| `" + entry.key() + "` | "));
    }
}
