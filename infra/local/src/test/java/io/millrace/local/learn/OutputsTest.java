package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
    private static final String DATA = "y,a\n1,s\n0,t\n";

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void write() throws IOException {
        data = Files.writeString(directory.resolve("a.csv"), DATA);
    }

    @Test
    void noOutputOverwritesTheData() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), data);
        Path hard = Files.createLink(directory.resolve("hard.csv"), data);
        for (Path same : new Path[] {data, link, hard, directory.resolve("x/../a.csv")}) {
            Files.createDirectories(directory.resolve("x"));
            refused(run().predictions(same), "--predictions: " + same, "--data");
            refused(run().report(same), "--report: " + same, "--data");
        }
        assertThat(data).hasContent(DATA);
    }

    @Test
    void noOutputOverwritesAnotherInputOrOutput() throws Exception {
        Path model = directory.resolve("m");
        run().save(model).run();
        Path weights = Files.writeString(directory.resolve("w.csv"), "feature,weight\nconstant,1\n");
        Path spec = model.resolve("spec.yaml");
        refused(run().weights(weights).report(weights), "--report: " + weights, "--weights");
        refused(run().spec(spec).predictions(spec), "--predictions: " + spec, "--spec");
        refused(run().spec(spec).save(model), "--save: " + spec, "--spec");
        Path base = model.resolve("model.base");
        refused(run().from(model).predictions(base), "--predictions: " + base, "--from");
        Path out = directory.resolve("out");
        refused(run().predictions(out).report(out), "--report: " + out, "--predictions");
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), out);
        refused(run().predictions(out).report(dangling), "--report: " + dangling, "--predictions");
        Path inside = model.resolve("last-labels.txt");
        refused(run().predictions(inside).save(model), "--save: " + inside, "--predictions");
        assertThat(out).doesNotExist();
        run().from(model)
                .save(model)
                .predictions(model.resolve("predictions.csv"))
                .run();
    }

    @Test
    void standardOutputIsForOne() throws Exception {
        Path standard = Path.of("-");
        refused(run().predictions(standard).report(standard), "--report: -", "--predictions");
        assertThat(standard).doesNotExist();
    }

    private TestingRun run() {
        return new TestingRun(data, "y");
    }

    private static void refused(TestingRun run, String start, String other) {
        assertThatThrownBy(run::run)
                .isInstanceOf(StartException.class)
                .hasMessage(start + " (expected: another file than that of " + other + ")");
    }
}
