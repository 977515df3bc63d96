package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadRowTest {
    @TempDir
    private Path directory;

    private TestingFlights files;

    @BeforeEach
    void begin() {
        files = new TestingFlights(directory);
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
            y,a,b;1,x,3;-1,x,3;0,y,1 | y      | bad.csv, line 4, column y: 0 (expected: -1 or 1 in all rows, as bad.csv, line 3 has -1)
            y,a,b;1,x,3;0,x,3;-1,y,1 | y      | bad.csv, line 4, column y: -1 (expected: 0 or 1 in all rows, as bad.csv, line 3 has 0)
            y,a,b;1,x,3;q,y,1        | y > 0  | bad.csv, line 3, column y: q (expected: a finite number)
            """)
    void aBadRowIsNamedOrSkipped(String lines, String label, String sentence) throws Exception {
        Path data = files.write("bad.csv", lines.replace(';', '\n'));
        String expected = sentence.replace("bad.csv", data.toString());
        assertThatThrownBy(() -> bad(data, label).run())
                .isInstanceOf(DataException.class)
                .hasMessage(expected);
        if (!lines.contains("UP")) {
            TestingRun skipping = bad(data, label).skipsBadRows();
            LearnReport report = skipping.run();
            assertThat(report.examples()).isEqualTo(lines.contains("-1") ? 2 : 1);
            assertThat(report.skipped()).isPositive();
            assertThat(skipping.told()).contains("skipped: " + expected);
        }
    }

    @Test
    void aMistakeAmongNumbersIsNoName() throws Exception {
        Path data = files.write("nan.csv", "y,b\n1,1\n0,nan\n1,2\n");
        assertThatThrownBy(() -> new TestingRun(data, "y").run())
                .hasMessage(data + ", line 3, column b: nan (expected: a finite number)");
        TestingRun names = new TestingRun(files.write("names.csv", "y,b\n1,1\n0,x\n"), "y");
        names.run();
        assertThat(names.told()).contains("categorical: b, by the first rows");
    }

    private static TestingRun bad(Path data, String label) {
        return new TestingRun(data, label).features("a", "b", List.of(), List.of(), 0);
    }

    @Test
    void aRowThatWouldMakeTheWeightsInfiniteIsNamed() throws Exception {
        Path data = files.write("big.csv", "y,v\n1,1\n0,2\n3e38,3e38\n1,2\n");
        assertThatThrownBy(() -> new TestingRun(data, "y")
                        .model("squared", Map.of("alpha", "1e30", "bits", "8"))
                        .run())
                .isInstanceOf(DivergedRowException.class)
                .hasMessage(data
                        + ", line 3: updated parameters: NaN (expected: a finite number); the row's label is 0, its"
                        + " largest number v = 2");
    }
}
