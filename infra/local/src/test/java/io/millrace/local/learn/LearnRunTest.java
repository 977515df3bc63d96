package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.table.DataException;
import io.millrace.local.StartException;
import io.millrace.trainer.evaluate.Progress;
import io.millrace.trainer.learn.ShardLearner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearnRunTest {
    private static final int ROWS = 2_500;

    @TempDir
    private Path directory;

    @Test
    void theSameFileGivesTheSameModelInEveryFormat() throws Exception {
        LearnReport csv = new TestingRun(csv("a.csv", 0, ROWS), "delay > 15").run();
        assertThat(csv.examples()).isEqualTo(ROWS);
        assertThat(csv.figures().auc()).isGreaterThan(0.6);
        assertThat(csv.features()).isEqualTo(4);
        List<String> rows = rows(0, ROWS);
        Path tsv = write("a.tsv", String.join("\n", rows).replace(',', '\t'));
        Path json =
                write("a.ndjson", rows.stream().skip(1).map(LearnRunTest::json).collect(Collectors.joining("\n")));
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
        LearnReport report =
                flights(csv("a.csv", 0, ROWS)).save(directory.resolve("m")).run();
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

    @ParameterizedTest
    @EnumSource
    void savedAndGoneOnFromIsOneRunBitForBit(LearnerKind learner) throws Exception {
        goesOn(
                flights(csv("one/x.csv", 0, ROWS)).learner(learner),
                flights(csv("two/x.csv", 0, 1_234)).learner(learner));
    }

    private void goesOn(TestingRun whole, TestingRun part) throws Exception {
        whole.save(directory.resolve("one")).run();
        part.save(directory.resolve("two")).run();
        TestingRun rest = new TestingRun(csv("three/x.csv", 1_234, ROWS), "delay > 15")
                .time("date")
                .from(directory.resolve("two"))
                .save(directory.resolve("three"));
        assertThat(rest.run().examples()).isEqualTo(ROWS - 1_234);
        assertThat(rest.told()).contains("goes on after 1,234 examples");
        for (String file : List.of(SavedModel.BASE, SavedModel.SPEC, "last-labels.txt")) {
            assertThat(directory.resolve("three").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("one").resolve(file));
        }
    }

    @Test
    void theSavedSpecIsOneOfAPipelineAndReproducesTheRun() throws Exception {
        Path data = csv("a.csv", 0, ROWS);
        LearnReport report = flights(data).save(directory.resolve("m")).run();
        Path yaml = directory.resolve("m").resolve("spec.yaml");
        PipelineSpec spec = SpecReader.read(Files.readString(yaml), "spec.yaml");
        assertThat(spec.pipeline()).isEqualTo("a");
        assertThat(spec.crosses()).containsExactly(List.of("origin", "hour"), List.of("hour", "weekday", "lag_1"));
        LearnReport again =
                new TestingRun(data, "delay > 15").time("date").spec(yaml).run();
        assertThat(again.digest()).isEqualTo(report.digest());
    }

    @Test
    void aLateLabelMakesWorsePredictionsAndTheSameModel() throws Exception {
        Path data = csv("a.csv", 0, ROWS);
        TestingRun atOnce = new TestingRun(data, "delay > 15").predictions(directory.resolve("0"));
        TestingRun late = new TestingRun(data, "delay > 15").delay(500).predictions(directory.resolve("500"));
        LearnReport first = atOnce.run();
        LearnReport second = late.run();
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(second.figures().loss()).isGreaterThan(first.figures().loss());
        List<String> predictions = Files.readAllLines(directory.resolve("500"));
        assertThat(predictions).hasSize(ROWS + 1);
        assertThat(predictions.subList(0, 501)).allMatch(line -> line.startsWith("row,") || line.contains(",0.5,"));
        assertThat(predictions.get(502)).startsWith("501,").doesNotContain(",0.5,");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            y,a,b;1,x,3;0,y          | y      | bad.csv, line 3: 2 fields (expected: 3 fields as in the header)
            y,a,b;1,x,3;0,y,NaN      | y      | bad.csv, line 3, column b: NaN (expected: a finite number)
            y,a,b;1,x,3;0,y,-inf     | y      | bad.csv, line 3, column b: -inf (expected: a finite number)
            y,a,b;1,x,3;0,y,1e39     | y      | bad.csv, line 3, column b: 1.0E39 (expected: a number of at most 3.4e38 in size)
            y,a,b;1,x,3;two,y,1      | y      | bad.csv, line 3, column y: two (expected: 0 or 1 (or -1 or 1) for logistic loss; of 1 and two, --label 'y = two' makes it)
            y,a,b;1,x,3;7,y,1;8,y,1  | y      | bad.csv, line 3, column y: 7 (expected: 0 or 1 (or -1 or 1) for logistic loss; --label 'y > 15', say, makes it)
            y,a,b;UP,x,3;DN,y,1      | y      | bad.csv, line 2, column y: UP (expected: 0 or 1 (or -1 or 1) for logistic loss; of DN and UP, --label 'y = UP' makes it)
            y,a,b;1,x,3;,y,1         | y      | bad.csv, line 3, column y: empty (expected: 0 or 1 (or -1 or 1) for logistic loss; --label 'y > 15', say, makes it)
            y,a,b;1,x,3;q,y,1        | y > 0  | bad.csv, line 3, column y: q (expected: a finite number)
            """)
    void aBadRowIsNamedOrSkipped(String lines, String label, String sentence) throws Exception {
        Path data = write("bad.csv", lines.replace(';', '\n'));
        String expected = sentence.replace("bad.csv", data.toString());
        assertThatThrownBy(() -> bad(data, label).run())
                .isInstanceOf(DataException.class)
                .hasMessage(expected);
        if (!lines.contains("UP")) {
            TestingRun skipping = bad(data, label).skipsBadRows();
            LearnReport report = skipping.run();
            assertThat(report.examples()).isEqualTo(1);
            assertThat(report.skipped()).isPositive();
            assertThat(skipping.told()).contains("skipped: " + expected);
        }
    }

    @Test
    void aMistakeAmongNumbersIsNoName() throws Exception {
        Path data = write("nan.csv", "y,b\n1,1\n0,nan\n1,2\n");
        assertThatThrownBy(() -> new TestingRun(data, "y").run())
                .hasMessage(data + ", line 3, column b: nan (expected: a finite number)");
        TestingRun names = new TestingRun(write("names.csv", "y,b\n1,1\n0,x\n"), "y");
        names.run();
        assertThat(names.told()).contains("categorical: b, by the first rows");
    }

    private static TestingRun bad(Path data, String label) {
        return new TestingRun(data, label).features("a", "b", List.of(), List.of(), 0);
    }

    @Test
    void aRowThatWouldMakeTheWeightsInfiniteIsNamed() throws Exception {
        Path data = write("big.csv", "y,v\n1,1\n0,2\n3e38,3e38\n1,2\n");
        assertThatThrownBy(() -> new TestingRun(data, "y")
                        .model("squared", Map.of("alpha", "1e30", "bits", "8"))
                        .run())
                .isInstanceOf(DivergedRowException.class)
                .hasMessageStartingWith(data + ", line ");
    }

    /** 2,500 = 156 * 16 + 4. */
    @Test
    void theLastExamplesOfAFileThatFillNoMiniBatchArePredictedToo() throws Exception {
        Path data = csv("a.csv", 0, ROWS);
        Path predictions = directory.resolve("p");
        TestingRun run =
                flights(data).learner(LearnerKind.DEEP).predictions(predictions).save(directory.resolve("m"));
        LearnReport report = run.run();
        assertThat(report.examples()).isEqualTo(ROWS);
        assertThat(run.told())
                .contains("saved in " + directory.resolve("m")
                        + "; the last 4 examples wait there for the mini-batch to be full");
        List<String> lines = Files.readAllLines(predictions);
        assertThat(lines).hasSize(ROWS + 1);
        double loss = 0;
        for (int i = 0; i < ROWS; i++) {
            String[] fields = lines.get(i + 1).split(",");
            assertThat(fields[0]).isEqualTo(Integer.toString(i));
            double prediction = Double.parseDouble(fields[1]);
            loss -= Math.log(fields[2].equals("1") ? prediction : 1 - prediction);
        }
        assertThat(report.figures().loss()).isCloseTo(loss / ROWS, within(1e-9));
        TestingRun other = flights(csv("b.csv", 0, 20))
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
        Path data = write("big.csv", "y,v\n" + rows + "\n");
        TestingRun failing =
                new TestingRun(data, "y").learner(LearnerKind.DEEP, Map.of("loss", "squared", "bits", "8"));
        assertThatThrownBy(failing::run)
                .isInstanceOf(DivergedRowException.class)
                .hasMessageStartingWith(data + ", line 22: ");
        TestingRun skipping = new TestingRun(data, "y")
                .learner(LearnerKind.DEEP, Map.of("loss", "squared", "bits", "8"))
                .skipsBadRows();
        LearnReport report = skipping.run();
        assertThat(report.examples()).isEqualTo(32);
        assertThat(report.skipped()).isEqualTo(16);
        assertThat(skipping.told())
                .anyMatch(line -> line.startsWith("skipped: " + data + ", line 22, ")
                        && line.endsWith("; and with it the 15 others of its mini-batch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dely", "dely > 15"})
    void aMissingColumnIsSuggested(String label) throws Exception {
        Path data = csv("a.csv", 0, 10);
        assertThatThrownBy(() -> new TestingRun(data, label).run())
                .isInstanceOf(StartException.class)
                .hasMessage(data + ", line 1, column dely: missing (expected: delay?; --label names it)");
    }

    @Test
    void allProblemsOfTheFlagsAreToldAtOnce() throws Exception {
        Path data = csv("a.csv", 0, 10);
        TestingRun run = new TestingRun(data, "delay > 15")
                .features("orign,delay,date", "distance", List.of("origin*hour", "origin"), List.of("date:5"), 0);
        assertThatThrownBy(run::run).hasMessage("""
                --categorical: delay (expected: no column that is the label or the time)
                FILE, line 1, column orign: missing (expected: origin?; --categorical names it)
                --bin: date is categorical (expected: a numeric column)
                --cross: hour (expected: a column, or --time, from which it is derived)
                --cross: origin (expected: 2 to 4 different names with * between them)""".replace("FILE", data.toString()));
        assertThatThrownBy(() -> new TestingRun(data, "delay > 15")
                        .model("log", Map.of("alpha", "0", "bit", "3", "ids.table", "x"))
                        .run())
                .hasMessageContaining("model.loss: log (expected: one of logistic, squared, absolute, poisson)")
                .hasMessageContaining("model.alpha: 0 (expected: a number above 0)")
                .hasMessageContaining("model.bit: unknown (expected: bits?)")
                .hasMessageContaining("model.ids.table: x (expected: one of exact, hashed)");
    }

    @Test
    void aFileWithoutRowsIsRefused() throws Exception {
        Path data = write("empty.csv", "y,a\n");
        assertThatThrownBy(() -> new TestingRun(data, "y").run())
                .hasMessage(data + ": no rows (expected: at least one row of data)");
        assertThatThrownBy(() -> new TestingRun(write("none.csv", ""), "y").run())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.csv, line 1: empty (expected: a header line)");
    }

    @Test
    void oneRowIsNotSeveral() throws Exception {
        TestingRun run = new TestingRun(write("a.csv", "y,a\n1,s\n2,t\n"), "y").skipsBadRows();
        assertThat(run.save(directory.resolve("m")).run().summary()).contains(" 1, 1 row skipped");
        TestingRun next = new TestingRun(write("b.csv", "y,a\n2,s\n2,t\n1,s\n"), "y").skipsBadRows();
        assertThat(next.from(directory.resolve("m")).run().summary()).contains(" 1, 2 rows skipped");
        assertThat(next.told()).contains("goes on after 1 example");
    }

    @Test
    void columnsWithAnyNameBecomeFeatures() throws Exception {
        Path data = write("odd.csv", "y,subject,item,Age (years)\n1,s,7,30\n0,t,8,\n");
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

    private TestingRun flights(Path data) {
        return new TestingRun(data, "delay > 15")
                .time("date")
                .features("origin,hour", "", List.of("origin*hour", "hour*weekday*lag_1"), List.of("distance"), 2);
    }

    private Path csv(String name, int from, int to) throws IOException {
        return write(name, String.join("\n", rows(from, to)));
    }

    /** Flights, of which those to B and at noon are late more often. */
    private static List<String> rows(int from, int to) {
        return IntStream.range(from - 1, to)
                .mapToObj(i -> {
                    Random random = new Random(i);
                    String origin = List.of("A", "B", "C").get(random.nextInt(3));
                    int hour = random.nextInt(24);
                    int delay = random.nextInt(20) + (origin.equals("B") ? 10 : 0) + (hour == 12 ? 10 : 0);
                    return i < from
                            ? "date,delay,distance,origin"
                            : String.format(
                                    "2001-01-%02dT%02d:30:00,%d,%d,%s",
                                    1 + i % 28, hour, delay, 100 + random.nextInt(900), origin);
                })
                .toList();
    }

    private static String json(String row) {
        String[] fields = row.split(",");
        return String.format(
                "{\"date\":\"%s\",\"delay\":%s,\"distance\":%s,\"origin\":\"%s\"}",
                fields[0], fields[1], fields[2], fields[3]);
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
