package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotShippedTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @ParameterizedTest
    @ValueSource(strings = {"infra-bench", "vw-jni", "moa", "jmh-core"})
    void noOtherModuleKnowsThisOneOrThePeers(String artifact) throws IOException {
        assertThat(poms())
                .filteredOn(pom -> text(pom).contains("<artifactId>" + artifact + "</artifactId>"))
                .containsExactly(ROOT.resolve("infra/bench/pom.xml"));
    }

    private static List<Path> poms() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 4)) {
            return files.filter(file -> file.endsWith("pom.xml")).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
