package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PipelineCommandIT {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void whatTheJobLearnsFromTheTopicIsWhatTheLearnerAloneLearns() throws Exception {
        Path report = directory.resolve("report.json");
        CommandLine line = Bench.line();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = line.execute(
                "pipeline",
                "--rows",
                "12000",
                "--repeat",
                "2",
                "--checkpoint",
                "PT0.2S",
                "--report",
                report.toString());
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString())
                .startsWith("synthetic: 12,000 examples ")
                .contains("\nmillrace, topic to weights  ftrl ", "\nmillrace, topic to weights  auto ");
        JsonNode results = new ObjectMapper().readTree(report.toFile()).get("results");
        for (String learner : new String[] {"ftrl", "auto"}) {
            assertThat(results)
                    .filteredOn(result -> result.get("learner").textValue().equals(learner))
                    .as("the learner alone and the job")
                    .hasSize(2)
                    .extracting(result -> result.get("digest").textValue())
                    .doesNotContain("", "0000000000000000")
                    .containsOnly(digest(results, learner));
        }
    }

    private static String digest(JsonNode results, String learner) {
        for (JsonNode result : results) {
            if (result.get("learner").textValue().equals(learner)) {
                return result.get("digest").textValue();
            }
        }
        throw new AssertionError(learner);
    }
}
