package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a saved model predicts, and that nobody knows the label of. */
class UnlabelledRunTest {
    @TempDir
    private Path directory;

    private TestingFlights files;
    private Path model;
    private Path out;
    private String digest;

    @BeforeEach
    void save() throws Exception {
        files = new TestingFlights(directory);
        model = directory.resolve("m");
        out = directory.resolve("p.csv");
        digest =
                TestingFlights.run(files.csv("a.csv", 0, 500)).save(model).run().digest();
    }

    @Test
    void rowsWithoutALabelsColumnAreScoredAndNotLearnedWhateverTheFormat() throws Exception {
        List<String> rows = TestingFlights.rows(500, 600);
        Path csv =
                files.write("b.csv", rows.stream().map(UnlabelledRunTest::bare).collect(Collectors.joining("\n")));
        Path json = files.write(
                "b.ndjson",
                rows.stream()
                        .skip(1)
                        .map(row -> TestingFlights.json(row).replaceFirst("\"delay\":[0-9]+,", ""))
                        .collect(Collectors.joining("\n")));
        LearnReport report = predict(csv, null).run();
        assertThat(report.examples()).isZero();
        assertThat(report.unlabelled()).isEqualTo(100);
        assertThat(report.digest()).isEqualTo(digest);
        assertThat(new ObjectMapper().readTree(report.json()).at("/label").isNull())
                .isTrue();
        List<String> predictions = Files.readAllLines(out);
        assertThat(predictions).hasSize(101).element(100).asString().matches("99,0\\.[0-9E-]+,");
        predict(json, null).run();
        assertThat(Files.readAllLines(out)).isEqualTo(predictions);
        predict(files.csv("c.csv", 500, 501), "delay > 15").run();
        String[] labelled = Files.readAllLines(out).get(1).split(",");
        assertThat(predictions.get(1)).isEqualTo("0," + labelled[1] + ",");
    }

    @Test
    void aRowWithoutItsLabelIsScoredAmongThoseThatAreLearned() throws Exception {
        Path data = files.write(
                "b.csv", "date,delay,distance,origin\n2001-01-01T08:30:00,,300,A\n" + "2001-01-01T09:30:00,20,300,A\n");
        LearnReport report = predict(data, "delay > 15").run();
        assertThat(report.examples()).isEqualTo(1);
        assertThat(report.unlabelled()).isEqualTo(1);
        assertThat(Files.readAllLines(out).get(1)).startsWith("0,").endsWith(",");
        assertThat(Files.readAllLines(out).get(2)).startsWith("1,").endsWith(",1");
    }

    @Test
    void aLabelIsAskedForWhereNothingIsPredicted() throws Exception {
        Path data = files.csv("b.csv", 500, 510);
        assertThatThrownBy(() ->
                        new TestingRun(data, null).time("date").from(model).run())
                .hasMessage("--label: missing (expected: " + LabelExpression.EXPECTED
                        + "; or --predictions, to predict rows without one)");
        assertThatThrownBy(() -> new TestingRun(data, null).predictions(out).run())
                .hasMessage("--label: missing (expected: " + LabelExpression.EXPECTED + ")");
        assertThatThrownBy(() -> predict(data, "dely > 15").run())
                .hasMessage(
                        data + ", line 1, column dely: missing (expected: delay?; --label names it; without --label,"
                                + " all rows are predicted only)");
    }

    private TestingRun predict(Path data, String label) {
        return new TestingRun(data, label).time("date").from(model).predictions(out);
    }

    /** A row without its second field. */
    private static String bare(String row) {
        String[] fields = row.split(",");
        return String.join(",", fields[0], fields[2], fields[3]);
    }
}
