package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VowpalWabbitRunTest {
    @TempDir
    private Path directory;

    @Test
    void theBaseOfVowpalWabbitIsTheOffsetAndIsSavedAsSuch() throws Exception {
        Path data = write("a.vw", "1 1 2.5 'x|u a\n-1 |u a\n0 1 -1 |u b\n|u a\n");
        TestingRun run = new TestingRun(data, null)
                .model("squared", Map.of("bits", "12"))
                .predictions(directory.resolve("p"))
                .save(directory.resolve("m"));
        LearnReport report = run.run();
        assertThat(report.examples()).isEqualTo(3);
        assertThat(report.unlabelled()).isEqualTo(1);
        assertThat(report.summary()).contains("3, 1 row without a label predicted only");
        List<String> lines = Files.readAllLines(directory.resolve("p"));
        assertThat(lines).hasSize(5).contains("0,2.5,1");
        assertThat(lines.get(4)).startsWith("3,-").endsWith(",");
        assertThat(Files.readString(directory.resolve("m").resolve("spec.yaml")))
                .contains("    base: numeric\n", "offset: base\n");
        TestingRun only = new TestingRun(write("b.vw", "1 1 4 |u z\n"), null)
                .from(directory.resolve("m"))
                .predictions(directory.resolve("p"));
        only.run();
        double constant = Double.parseDouble(
                Files.readAllLines(directory.resolve("p")).get(1).split(",")[1]);
        assertThat(constant).isBetween(2.5, 5.0);
    }

    @Test
    void aFileWithoutLabelsIsPredictedAndLeavesTheModelAsItIs() throws Exception {
        Path train = write("a.vw", "1 |u a\n-1 |u b\n1 |u a\n");
        LearnReport learned =
                new TestingRun(train, null).save(directory.resolve("m")).run();
        TestingRun run = new TestingRun(write("b.vw", "|u a\n'tag|u b:2\n"), null)
                .from(directory.resolve("m"))
                .predictions(directory.resolve("p"));
        LearnReport report = run.run();
        assertThat(report.examples()).isZero();
        assertThat(report.unlabelled()).isEqualTo(2);
        assertThat(report.digest()).isEqualTo(learned.digest());
        assertThat(report.json()).contains("\"log_loss\" : null");
        List<String> lines = Files.readAllLines(directory.resolve("p"));
        assertThat(Double.parseDouble(lines.get(1).split(",")[1]))
                .isGreaterThan(Double.parseDouble(lines.get(2).split(",")[1]));
    }

    @Test
    void aBaseAfterTheFirstRowsIsNotPassedOver() throws Exception {
        Path data = write("a.vw", "1 |u a\n".repeat(Sample.ROWS) + "1 1 0.5 |u a\n");
        assertThatThrownBy(() -> new TestingRun(data, null).run())
                .hasMessage(data + ", line 1001, column base: 0.5 (expected: none, as in the first 1000 rows;"
                        + " --numeric base, with --categorical for the namespaces, makes it the offset)");
        LearnReport report = new TestingRun(data, null)
                .features("u", "base", List.of(), List.of(), 0)
                .run();
        assertThat(report.examples()).isEqualTo(1_001);
        assertThatThrownBy(() -> new TestingRun(write("c.vw", "1:0.5:0.2 |u a\n"), null).run())
                .hasMessageContaining(
                        "line 1, column label: 1:0.5:0.2 (expected: a number as label, importance and base");
    }

    @Test
    void aNamespaceOfVowpalWabbitIsAWeightedSetAndItsImportanceCounts() throws Exception {
        Path data = write("a.vw", """
                1 2.0 'first|u a b:0.5 |i x:2 x:1
                -1 |u a |i y
                1 |u b |i:0.5 x
                """);
        TestingRun run = new TestingRun(data, null);
        LearnReport report = run.run();
        assertThat(run.told()).contains("weighted_set: u, i, by the first rows");
        assertThat(report.examples()).isEqualTo(3);
        assertThat(report.figures().baseRate()).isEqualTo(0.75);
        assertThat(report.features()).isEqualTo((4 + 3 + 3) / 3.0);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
