package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.StartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagProblemsTest {
    @TempDir
    private Path directory;

    private TestingFlights files;

    @BeforeEach
    void begin() {
        files = new TestingFlights(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dely", "dely > 15"})
    void aMissingColumnIsSuggested(String label) throws Exception {
        Path data = files.csv("a.csv", 0, 10);
        assertThatThrownBy(() -> new TestingRun(data, label).run())
                .isInstanceOf(StartException.class)
                .hasMessage(data + ", line 1, column dely: missing (expected: delay?; --label names it)");
    }

    @Test
    void problemsOfFlagsAloneDoNotHideThoseOfFlagsAndFile() throws Exception {
        Path data = files.csv("a.csv", 0, 10);
        Path nowhere = directory.resolve("none/p.csv");
        TestingRun run = new TestingRun(data, "dely > 15")
                .time("dat")
                .features("orign", "", List.of("hour*distanc"), List.of(), 5_000)
                .model("log", Map.of("bit", "3"))
                .limit(0)
                .delay(-1)
                .predictions(nowhere);
        assertThatThrownBy(run::run).isInstanceOf(StartException.class).hasMessage("""
                --limit: 0 (expected: at least 1)
                --delay: -1 (expected: 0 to 100000000)
                --lag-label: 5000 (expected: 0 to 1000)
                --predictions: NOWHERE (expected: a file in a directory that exists)
                FILE, line 1, column dely: missing (expected: delay?; --label names it)
                FILE, line 1, column dat: missing (expected: date?; --time names it)
                FILE, line 1, column orign: missing (expected: origin?; --categorical names it)
                FILE, line 1, column distanc: missing (expected: distance?; --cross names it)
                model.loss: log (expected: one of logistic, squared, absolute, poisson)
                model.bit: unknown (expected: bits?)""".replace("FILE", data.toString())
                .replace("NOWHERE", nowhere.toString()));
        assertThatThrownBy(() -> new TestingRun(directory.resolve("none.csv"), "y")
                        .limit(0)
                        .run())
                .isInstanceOf(StartException.class)
                .hasMessage("--limit: 0 (expected: at least 1)\n" + directory.resolve("none.csv")
                        + ": missing (expected: a file that can be read)");
    }

    @Test
    void aSavedModelAndFlagsThatAreNotItsOwnAreToldWithAllElse() throws Exception {
        Path data = files.csv("a.csv", 0, 10);
        Path model = directory.resolve("m");
        TestingFlights.run(data).save(model).run();
        TestingRun run = new TestingRun(data, "dely")
                .from(model)
                .set(Map.of("bits", "13"))
                .features("origin", "", List.of(), List.of(), 0);
        assertThatThrownBy(run::run)
                .hasMessageContaining("column dely: missing")
                .hasMessageContaining("--from: feature ")
                .hasMessageContaining("--from: bits: 13 (expected: 12");
    }

    @Test
    void allProblemsOfTheFlagsAreToldAtOnce() throws Exception {
        Path data = files.csv("a.csv", 0, 10);
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
}
