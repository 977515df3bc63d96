package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.LearnerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniBatchRunTest {
    @TempDir
    private Path directory;

    private TestingFlights files;

    @BeforeEach
    void begin() {
        files = new TestingFlights(directory);
    }

    @Test
    void theLastExamplesOfAFileThatFillNoMiniBatchArePredictedToo() throws Exception {
        Path data = files.csv("a.csv", 0, TestingFlights.ROWS);
        Path predictions = directory.resolve("p");
        TestingRun run = TestingFlights.run(data)
                .learner(LearnerKind.DEEP)
                .predictions(predictions)
                .save(directory.resolve("m"));
        LearnReport report = run.run();
        assertThat(report.examples()).isEqualTo(TestingFlights.ROWS);
        assertThat(run.told())
                .contains("saved in " + directory.resolve("m")
                        + "; the last 4 examples wait there for the mini-batch to be full");
        List<String> lines = Files.readAllLines(predictions);
        assertThat(lines).hasSize(TestingFlights.ROWS + 1);
        double loss = 0;
        for (int i = 0; i < TestingFlights.ROWS; i++) {
            String[] fields = lines.get(i + 1).split(",");
            assertThat(fields[0]).isEqualTo(Integer.toString(i));
            double prediction = Double.parseDouble(fields[1]);
            loss -= Math.log(fields[2].equals("1") ? prediction : 1 - prediction);
        }
        assertThat(report.figures().loss()).isCloseTo(loss / TestingFlights.ROWS, within(1e-9));
        TestingRun other = TestingFlights.run(files.csv("b.csv", 0, 20))
                .from(directory.resolve("m"))
                .learner(LearnerKind.DEEP, Map.of("bits", "12", "alpha", "0.3"));
        assertThat(other.run().examples()).isEqualTo(20);
        assertThat(other.told()).contains("left out: 4 examples that waited for the mini-batch to be full");
    }

    @Test
    void ofAMiniBatchThatCannotBeLearnedTheExampleAtFaultIsNamedAndAllAreSkipped() throws Exception {
        String rows = IntStream.range(0, 48)
                .mapToObj(i -> i == 20 ? "3e38,3e38" : i % 2 + "," + i % 5)
                .collect(Collectors.joining("\n"));
        Path data = files.write("big.csv", "y,v\n" + rows + "\n");
        TestingRun failing =
                new TestingRun(data, "y").learner(LearnerKind.DEEP, Map.of("loss", "squared", "bits", "8"));
        assertThatThrownBy(failing::run)
                .isInstanceOf(DivergedRowException.class)
                .hasMessageStartingWith(data + ", line 22: ")
                .hasMessageContaining("; the row's label is 3");
        TestingRun skipping = new TestingRun(data, "y")
                .learner(LearnerKind.DEEP, Map.of("loss", "squared", "bits", "8"))
                .skipsBadRows();
        LearnReport report = skipping.run();
        assertThat(report.examples()).isEqualTo(32);
        assertThat(report.skipped()).isEqualTo(16);
        assertThat(skipping.told())
                .anyMatch(line -> line.startsWith("skipped: " + data + ", line 22, ")
                        && line.contains("; the row's label is 3")
                        && line.endsWith("; and with it the 15 others of its mini-batch"));
    }
}
