package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFileTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "pipe.csv"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPipeIsReadLikeTheFileThatGoesThrough(String name) throws Exception {
        Path data = Files.writeString(
                directory.resolve("a.csv"),
                IntStream.range(0, 20_000)
                        .mapToObj(i -> i % 3 % 2 + ",o" + i % 7 + "\n")
                        .collect(Collectors.joining("", "y,origin\n", "")));
        Path pipe = directory.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process writer =
                new ProcessBuilder("sh", "-c", "cat \"$0\" > \"$1\"", data.toString(), pipe.toString()).start();
        LearnReport report =
                new TestingRun(pipe, "y").save(directory.resolve("m")).run();
        assertThat(writer.waitFor()).isZero();
        assertThat(report.examples()).isEqualTo(20_000);
        assertThat(report.figures()).isEqualTo(new TestingRun(data, "y").run().figures());
        assertThat(directory.resolve("m/spec.yaml")).content().startsWith("pipeline: learned\n");
    }

    @Test
    void aFileOfAnyKindIsNoStream() throws Exception {
        assertThat(DataFile.isStream(Files.writeString(directory.resolve("a.csv"), "y\n")))
                .isFalse();
        assertThat(DataFile.isStream(directory)).isFalse();
        assertThat(DataFile.isStream(directory.resolve("nowhere"))).isFalse();
        assertThat(DataFile.isStream(Path.of("-"))).isTrue();
    }
}
