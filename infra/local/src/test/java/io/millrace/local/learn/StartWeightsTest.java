package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.features.spec.LearnerKind;
import io.millrace.ingestion.table.DataException;
import io.millrace.local.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StartWeightsTest {
    private static final String DATA = """
            y,origin,destination,age,miles
            1,ATL,JFK,3,600
            0,ATL,LAX,-2,100
            1,SFO,JFK,,800
            0,SFO,,5,
            """;

    private static final String WEIGHTS = """
            {"feature":"constant","weight":-0.7,"confidence":500}
            {"feature":"origin","value":"ATL","weight":0.31,"confidence":120}
            {"feature":"destination","value":"JFK","weight":-0.25,"confidence":120}
            {"feature":"origin*destination","value":["ATL","JFK"],"weight":1.5,"confidence":120}
            {"feature":"destination*origin","value":["LAX","ATL"],"weight":-2,"confidence":120}
            {"feature":"age","weight":0.4,"confidence":120,"scale":10}
            {"feature":"origin*age","value":["SFO"],"weight":-0.1,"confidence":120,"scale":10}
            {"feature":"miles","value":640,"weight":0.2,"confidence":120}
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"FTRL", "NORMALIZED", "COIN"})
    void predictionsAreThoseOfTheWeightsBeforeAnythingIsLearned(LearnerKind learner) throws Exception {
        List<Double> predictions = predictions(run(learner, DATA).delay(100));
        assertThat(predictions).hasSize(4);
        assertThat(predictions.get(0))
                .isCloseTo(sigmoid(-0.7 + 0.31 - 0.25 + 1.5 + 0.4 * seen(learner, 3) + 0.2), within(1e-6));
        assertThat(predictions.get(1)).isCloseTo(sigmoid(-0.7 + 0.31 - 2 + 0.4 * seen(learner, -2)), within(1e-6));
        assertThat(predictions.get(2)).isCloseTo(sigmoid(-0.7 - 0.25), within(1e-6));
        assertThat(predictions.get(3))
                .isCloseTo(sigmoid(-0.7 + 0.4 * seen(learner, 5) - 0.1 * seen(learner, 5)), within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(names = {"FTRL", "NORMALIZED", "COIN"})
    void learningGoesOnFromThereWithoutAJump(LearnerKind learner) throws Exception {
        String row = "0,ATL,JFK,3,600\n";
        String data = "y,origin,destination,age,miles\n" + row.repeat(2000);
        List<Double> predictions = predictions(run(learner, data));
        double first = sigmoid(-0.7 + 0.31 - 0.25 + 1.5 + 0.4 * seen(learner, 3) + 0.2);
        assertThat(predictions.get(0)).isCloseTo(first, within(1e-6));
        assertThat(predictions.get(1)).isLessThan(first).isGreaterThan(first - 0.15);
        assertThat(predictions.get(1999)).isLessThan(0.1);
    }

    @Test
    void aModelThatStartedSoIsSavedAndGoneOnFrom() throws Exception {
        TestingRun started = run(LearnerKind.FTRL, DATA).save(directory.resolve("m"));
        started.run();
        assertThat(started.told()).contains("starts with 8 weights");
        List<Double> after = predictions(new TestingRun(write("more.csv", DATA), "y")
                .from(directory.resolve("m"))
                .delay(100));
        assertThat(after.get(0)).isBetween(0.7, 0.99);
    }

    @Test
    void anyTableWillDo() throws Exception {
        Path weights = write("w.csv", """
                feature,value,weight
                constant,,-1
                origin*destination,SFO|JFK,3
                """);
        TestingRun run = features(new TestingRun(write("a.csv", DATA), "y"))
                .learner(LearnerKind.FTRL)
                .delay(100)
                .weights(weights);
        assertThat(predictions(run).get(2)).isCloseTo(sigmoid(2), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"feature":"orign","value":"ATL","weight":1}                   | column feature: orign (expected: a feature or a cross: origin?)
            {"feature":"origin*miles","value":["ATL",3],"weight":1}        | column feature: origin*miles (expected: a feature or a cross: origin*age?)
            {"feature":"origin","value":"ATL","weight":"x"}                | column weight: x (expected: a finite number)
            {"feature":"origin","value":"ATL","weight":1e300}              | column weight: 1.0E300 (expected: a number of at most 3.4e38 in size)
            {"feature":"origin","value":"ATL"}                             | column weight: empty (expected: a finite number)
            {"feature":"origin","weight":1}                                | column value: empty (expected: a value of origin)
            {"feature":"age","value":3,"weight":1}                         | column value: 3 (expected: none: numbers without bins have one weight)
            {"feature":"constant","value":3,"weight":1}                    | column value: 3 (expected: none: the constant has one weight)
            {"feature":"miles","value":"far","weight":1}                   | column value: far (expected: a number in the bin, for miles)
            {"feature":"origin*destination","value":["ATL"],"weight":1}    | column value: ATL (expected: a list of values, one each of origin, destination)
            {"feature":"origin","value":"ATL","weight":1,"confidence":0}   | column confidence: 0 (expected: a number above 0, of at most 3.4e38)
            {"feature":"constant","weight":1}                              | column feature: constant (expected: one weight each; line 1 has it, too)
            {"feature":"destination*origin","value":["b","a"],"weight":1}  | column feature: destination*origin b|a (expected: one weight each; line 2 has it, too)
            """)
    void aRowThatIsNoWeightOfTheModelIsNamed(String row, String sentence) throws Exception {
        Path weights = write("w.ndjson", """
                {"feature":"constant","weight":-1}
                {"feature":"origin*destination","value":["a","b"],"weight":1}
                """ + row + "\n");
        TestingRun run = features(new TestingRun(write("a.csv", DATA), "y"))
                .learner(LearnerKind.FTRL)
                .weights(weights);
        assertThatThrownBy(run::run)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(weights + ", line 3, " + sentence);
    }

    @Test
    void whatCannotStartSoIsToldWithWhatCan() throws Exception {
        for (LearnerKind learner : List.of(LearnerKind.AUTO, LearnerKind.FM, LearnerKind.DEEP)) {
            assertThatThrownBy(() -> run(learner, DATA).run())
                    .isInstanceOf(StartException.class)
                    .hasMessage("--weights: given with learner " + learner.text()
                            + " (expected: --learner coin or ftrl or normalized, whose rows are weights)");
        }
        assertThatThrownBy(() -> run(LearnerKind.FTRL, DATA)
                        .weights(write("w.csv", "feature,wieght\na,1\n"))
                        .run())
                .hasMessageEndingWith("w.csv, line 1, column wieght: unknown (expected: weight?)");
        assertThatThrownBy(() -> new TestingRun(write("a.csv", DATA), "y")
                        .features("origin", "", List.of(), List.of("age"), 0)
                        .weights(write("w.ndjson", "{\"feature\":\"age\",\"weight\":1}\n"))
                        .run())
                .hasMessageContaining("line 1, column feature: age (expected: no quantile bins: they are learned");
        assertThatThrownBy(() -> run(LearnerKind.COIN, DATA)
                        .weights(write("w.ndjson", "{\"feature\":\"age\",\"weight\":1}\n"))
                        .run())
                .hasMessageContaining(
                        "line 1, column scale: empty (expected: the largest size of the feature's values, for learner coin)");
    }

    private TestingRun run(LearnerKind learner, String data) throws IOException {
        return features(new TestingRun(write("a.csv", data), "y"))
                .learner(learner)
                .weights(write("w.ndjson", WEIGHTS));
    }

    private static TestingRun features(TestingRun run) {
        return run.features(
                "origin,destination", "age", List.of("origin*destination", "origin*age"), List.of("miles:100"), 0);
    }

    private List<Double> predictions(TestingRun run) throws Exception {
        Path file = directory.resolve("predictions");
        run.predictions(file).run();
        List<Double> predictions = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("row")) {
                predictions.add(Double.valueOf(line.split(",")[1]));
            }
        }
        return predictions;
    }

    private static double seen(LearnerKind learner, double value) {
        return learner.rawNumerics() ? value : Math.copySign(Math.log1p(Math.abs(value)), value);
    }

    private static double sigmoid(double margin) {
        return 1 / (1 + Math.exp(-margin));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
