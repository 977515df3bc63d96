package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void theTableIsOnStandardOutputAndTheFiguresAreInTheReport() throws IOException {
        Path report = directory.resolve("report.json");
        int code = run(
                "learners",
                "--data",
                data().toString(),
                "--rows",
                "300",
                "--contenders",
                "moa,millrace",
                "--repeat",
                "2",
                "--report",
                report.toString());
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .startsWith("elec2: 300 examples, 50.0 % positive ")
                .contains("\nmoa  ", "\nmillrace  ");
        assertThat(err.toString()).contains("millrace: elec2, round 2 of 2: moa naive Bayes: log-loss ");
        JsonNode first = new ObjectMapper().readTree(report.toFile()).at("/data/0");
        assertThat(first.get("examples").intValue()).isEqualTo(300);
        assertThat(first.at("/results/0/seconds")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            learners --rows 0                 | --rows: 0 (expected: at least 1)
            learners --repeat 0               | --repeat: 0 (expected: at least 1)
            learners --clip 0.5               | --clip: 0.5 (expected: a number between 0 and 0.5)
            learners --contenders river       | Invalid value for option '--contenders'
            learners --report nowhere/a.json  | --report: nowhere/a.json (expected: a file in a directory that exists)
            learners --data nowhere.csv       | nowhere.csv: missing (expected: a file that can be read)
            pipeline --rows 0                 | --rows: 0 (expected: at least 1)
            pipeline --repeat 0               | --repeat: 0 (expected: at least 1)
            pipeline --checkpoint PT0S        | --checkpoint: PT0S (expected: at least 10 ms, like PT5S)
            pipeline --learner ftlr           | --learner: ftlr: bench.yaml:
            pipeline --report nowhere/a.json  | --report: nowhere/a.json (expected: a file in a directory that exists)
            learners --loss squared           | --loss: squared (expected: logistic, the only loss that is measured here)
            learners --label y --rows 9       | --data: synthetic, with flags about its columns (expected: a file, or no such flags)
            learners --data flights --cross a*b | --data: flights, with flags about its columns (expected: a file, or no such flags)
            learners --contenders millrace --rows 9 --data synthetic --millrace learner:ftlr | --millrace: bench.yaml:
            scale --bits 18,40                | --bits: 40 (expected: 1 to 28)
            scale --features 0                | --features: 0 (expected: 1 to 4000)
            scale --values 0                  | --values: 0 (expected: 1 to 1000000000)
            kernels --bogus                   | bogus is not a recognized option
            ''                                | no command given (expected: learners, pipeline, join, features, loop, sizing, scale or kernels)
            """)
    void wrongArgumentsAreToldInOneSentence(String arguments, String sentence) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("millrace: ")
                .contains(sentence);
    }

    @Test
    void moaIsSparedColumnsOfMoreValuesThanItsTreesCanBear() {
        assertThat(run("learners", "--data", "synthetic", "--rows", "300", "--contenders", "moa"))
                .isZero();
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "millrace: synthetic: moa left out: f15: 540 values (expected: a column of at most 500)\n");
    }

    @Test
    void eachSizeIsALineOfOneTable() {
        int code = run("scale", "--bits", "10,12", "--features", "3,50", "--values", "2000", "--repeat", "2");
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString().lines().map(line -> line.strip().split(" +")[1]))
                .containsExactly("features", "39", "39", "3", "50");
        assertThat(out.toString().lines().map(line -> line.strip().split(" +")[0]))
                .containsExactly("bits", "10", "12", "22", "22");
        assertThat(out.toString().lines().findFirst().orElseThrow()).contains("ftrl/s", "auto/s", "auto / vw");
        assertThat(err.toString()).contains("12 bits, 39 features, round 2 of 2: millrace learner: auto: ");
    }

    @Test
    void anyFileIsLearnedWithTheFlagsThatSayWhatIsWhat() throws IOException {
        Path file = own();
        int code = run(
                "learners",
                "--data",
                file.toString(),
                "--label",
                "wait > 9",
                "--time",
                "at",
                "--categorical",
                "user,item,hour",
                "--bin",
                "price",
                "--cross",
                "user*item",
                "--lag-label",
                "2",
                "--repeat",
                "1",
                "--contenders",
                "vw,moa,millrace");
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .startsWith("own: 300 examples, ")
                .contains("(own.csv: wait > 9)", "\nmoa  ", "\nmillrace  ");
        assertThat(err.toString()).contains("millrace: numeric: price (in quantile bins)");
        assertThat(run("learners", "--data", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("columns: at,user,item,price,wait (expected: --label and the other flags");
        assertThat(run("learners", "--data", file.toString(), "--label", "wait"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("own.csv, line 3, column wait: 3 (expected: 0 or 1")
                .doesNotContain("Exception");
    }

    private Path own() throws IOException {
        StringBuilder text = new StringBuilder("at,user,item,price,wait\n");
        for (int i = 0; i < 300; i++) {
            text.append("2024-01-01T%02d:00:00,".formatted(i % 24))
                    .append(i % 5 == 0 ? "" : "u" + i % 7)
                    .append(",i")
                    .append(i % 3)
                    .append(',')
                    .append(i % 11 == 0 ? "" : Integer.toString(i % 50))
                    .append(',')
                    .append(i % 7 * 3)
                    .append('\n');
        }
        return Files.writeString(directory.resolve("own.csv"), text);
    }

    private Path data() throws IOException {
        StringBuilder text = new StringBuilder("period,nswprice,nswdemand,vicprice,vicdemand,transfer,class\n");
        for (int i = 0; i < 400; i++) {
            text.append("0,")
                    .append(i % 7)
                    .append(",0.43,0.003,0.42,0.41,")
                    .append(i % 2)
                    .append('\n');
        }
        return Files.writeString(directory.resolve("electricity.csv"), text);
    }

    private int run(String... arguments) {
        CommandLine line = Bench.line();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
