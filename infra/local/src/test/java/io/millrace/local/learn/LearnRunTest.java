package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.learn.ShardLearner;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnRunTest {
    @TempDir
    private Path directory;

    private TestingFlights files;

    @BeforeEach
    void begin() {
        files = new TestingFlights(directory);
    }

    @Test
    void theSameFileGivesTheSameModelInEveryFormat() throws Exception {
        LearnReport csv = new TestingRun(files.csv("a.csv", 0, TestingFlights.ROWS), "delay > 15").run();
        assertThat(csv.examples()).isEqualTo(TestingFlights.ROWS);
        assertThat(csv.figures().auc()).isGreaterThan(0.6);
        assertThat(csv.features()).isEqualTo(4);
        List<String> rows = TestingFlights.rows(0, TestingFlights.ROWS);
        Path tsv = files.write("a.tsv", String.join("\n", rows).replace(',', '\t'));
        Path json = files.write(
                "a.ndjson", rows.stream().skip(1).map(TestingFlights::json).collect(Collectors.joining("\n")));
        Path packed = directory.resolve("b.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(String.join("\r\n", rows).getBytes(StandardCharsets.UTF_8));
        }
        for (Path file : List.of(directory.resolve("a.csv"), tsv, json, packed)) {
            LearnReport report = new TestingRun(file, "delay > 15").run();
            assertThat(report.digest()).as("%s", file).isEqualTo(csv.digest());
            assertThat(report.figures()).as("%s", file).isEqualTo(csv.figures());
        }
    }

    @Test
    void withoutADelayTheFiguresAreTheLearnersOwn() throws Exception {
        LearnReport report = TestingFlights.run(files.csv("a.csv", 0, TestingFlights.ROWS))
                .save(directory.resolve("m"))
                .run();
        SavedModel saved = SavedModel.read(directory.resolve("m"));
        try (ShardLearner learner = saved.learner(saved.spec())) {
            Progress own = learner.total();
            assertThat(report.figures().loss()).isEqualTo(own.meanLoss());
            assertThat(report.figures().auc()).isEqualTo(own.auc());
            assertThat(report.figures().calibration()).isEqualTo(own.calibration());
            assertThat(report.digest()).isEqualTo(learner.digest());
            assertThat(report.examples()).isEqualTo(learner.examples()).isEqualTo(learner.offset());
        }
    }

    @Test
    void aLateLabelMakesWorsePredictionsAndTheSameModel() throws Exception {
        Path data = files.csv("a.csv", 0, TestingFlights.ROWS);
        TestingRun atOnce = new TestingRun(data, "delay > 15").predictions(directory.resolve("0"));
        TestingRun late = new TestingRun(data, "delay > 15").delay(500).predictions(directory.resolve("500"));
        LearnReport first = atOnce.run();
        LearnReport second = late.run();
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.figures().loss()).isGreaterThan(first.figures().loss());
        List<String> predictions = Files.readAllLines(directory.resolve("500"));
        assertThat(predictions).hasSize(TestingFlights.ROWS + 1);
        assertThat(predictions.subList(0, 501)).allMatch(line -> line.startsWith("row,") || line.contains(",0.5,"));
        assertThat(predictions.get(502)).startsWith("501,").doesNotContain(",0.5,");
    }

    @Test
    void aFileWithoutRowsIsRefused() throws Exception {
        Path data = files.write("empty.csv", "y,a\n");
        assertThatThrownBy(() -> new TestingRun(data, "y").run())
                .hasMessage(data + ": no rows (expected: at least one row of data)");
        assertThatThrownBy(() -> new TestingRun(files.write("none.csv", ""), "y").run())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.csv, line 1: empty (expected: a header line)");
    }

    @Test
    void oneRowIsNotSeveral() throws Exception {
        TestingRun run = new TestingRun(files.write("a.csv", "y,a\n1,s\n2,t\n"), "y").skipsBadRows();
        assertThat(run.save(directory.resolve("m")).run().summary()).contains(" 1, 1 row skipped");
        TestingRun next = new TestingRun(files.write("b.csv", "y,a\n2,s\n2,t\n1,s\n"), "y").skipsBadRows();
        assertThat(next.from(directory.resolve("m")).run().summary()).contains(" 1, 2 rows skipped");
        assertThat(next.told()).contains("goes on after 1 example");
    }

    @Test
    void columnsWithAnyNameBecomeFeatures() throws Exception {
        Path data = files.write("odd.csv", "y,subject,item,Age (years)\n1,s,7,30\n0,t,8,\n");
        TestingRun run = new TestingRun(data, "y").save(directory.resolve("m"));
        assertThat(run.run().features()).isEqualTo((4 + 3) / 2.0);
        assertThat(run.told())
                .contains("renamed: Age (years) is the feature Age__years_")
                .contains("categorical: subject, item, by the first rows");
        TestingRun again = new TestingRun(data, "y").from(directory.resolve("m"));
        assertThat(again.run().features()).isEqualTo((4 + 3) / 2.0);
    }

    @Test
    void aColumnOfVeryManyTextsIsLearnedInBoundedMemory() throws Exception {
        Path data = directory.resolve("many.csv");
        Files.write(data, (Iterable<String>)
                IntStream.rangeClosed(0, 200_000).mapToObj(i -> i == 0 ? "y,id" : i % 2 + ",id" + i)::iterator);
        LearnReport report = new TestingRun(data, "y").run();
        assertThat(report.examples()).isEqualTo(200_000);
    }
}
