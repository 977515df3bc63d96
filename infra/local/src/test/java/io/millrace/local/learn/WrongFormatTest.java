package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.TableFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongFormatTest {
    private static final String JSON = "{\"y\":1,\"a\":\"x\"}\n{\"y\":0,\"a\":\"z\"}\n";
    private static final String VW = "1 |f a b\n-1 |f c\n";

    @TempDir
    private Path directory;

    @Test
    void itIsToldAsWhatAFileIsReadAndWhatItSeemsToBe() throws Exception {
        refused(
                "a.vw",
                JSON,
                null,
                ", line 1: {\"y\":1,\"a\":\"x\"} (expected: an example of Vowpal Wabbit a line;"
                        + " the file is read as vw and seems to be ndjson: --format tells)");
        String seemsVw =
                ", line 1: 1 |f a b (expected: one JSON object a line; the file is read as ndjson and seems to be"
                        + " vw: --format tells)";
        refused("a.ndjson", VW, null, seemsVw);
        refused("a.vw", VW, TableFormat.NDJSON, seemsVw);
        refused(
                "a.csv",
                VW,
                null,
                ", line 1, column y: missing (expected: one of 1 |f a b; --label names it; the file is"
                        + " read as csv and seems to be vw: --format tells)");
        refused(
                "a.csv",
                JSON,
                null,
                ", line 1: Unexpected character after closing quote: ':' (expected: CSV whose quotes"
                        + " are closed; this seems to be NDJSON)");
    }

    @Test
    void aFirstRowThatIsBrokenIsNoOtherFormat() throws Exception {
        Path data = Files.writeString(directory.resolve("a.ndjson"), "{\"y\":1,\n" + JSON);
        LearnReport report = new TestingRun(data, "y").skipsBadRows().run();
        assertThat(report.examples()).isEqualTo(2);
        assertThat(report.skipped()).isEqualTo(1);
    }

    @Test
    void aColumnWithoutANameIsToldToBeLeftOut() throws Exception {
        Path data = Files.writeString(directory.resolve("a.csv"), ",y,a,\n1,1,x,3\n2,0,y,4\n");
        TestingRun run = new TestingRun(data, "y");
        assertThat(run.run().features()).isEqualTo(2);
        assertThat(run.told()).contains("left out: columns 1, 4, without a name in the header");
    }

    private void refused(String name, String text, TableFormat format, String rest) throws Exception {
        Path data = Files.writeString(directory.resolve(name), text);
        assertThatThrownBy(() -> new TestingRun(data, "y").format(format).run()).hasMessage(data + rest);
    }
}
