package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace spec diff} as a process of its own. */
class SpecDiffIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OLD = """
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical, age: numeric}}
            feedback: {reward: {click: 1.0}}
            model: {learner: ftrl}
            """;

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String err) {}

    private Ended run(String... arguments) throws Exception {
        try (TestingMillrace millrace = TestingMillrace.start(directory, arguments)) {
            int code = millrace.awaitExit(PATIENCE);
            return new Ended(code, millrace.out(), millrace.err());
        }
    }

    @BeforeEach
    void write() throws Exception {
        Files.writeString(directory.resolve("old.yaml"), OLD);
        Files.writeString(directory.resolve("same.yaml"), "# In other words.\n" + OLD.replace("1.0", "1"));
        Files.writeString(
                directory.resolve("new.yaml"),
                OLD.replace("age: numeric", "age: numeric, price: numeric")
                        .replace("learner: ftrl", "learner: ftrl, seed: 3")
                        .concat("policy: {control: 0.2}\n"));
        Files.writeString(directory.resolve("bad.yaml"), OLD.replace("age: numeric", "age: number"));
        Files.writeString(directory.resolve("worse.yaml"), OLD.replace("click: 1.0", "click: much") + "modle: {}\n");
    }

    @Test
    void tellsTheWorstFirstAndThenEachChange() throws Exception {
        Ended ended = run("spec", "diff", "old.yaml", "new.yaml");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualTo("""
                relearns: another lineage, and rows mean something else: the log has to be learned again from its beginning

                continues  decision.candidate.price: none -> numeric
                           a new column: what is learned already lacks it, and it begins without weights

                relearns   model.seed: 0 -> 3
                           it salts the hash by which ids find their rows, and what the learner draws

                harmless   policy.control: 0.1 -> 0.2
                           it is how decisions are made; propensities are logged with each
                """);
    }

    @Test
    void tellsProgramsTheSameAndEndsAsTheyAsk() throws Exception {
        Ended ended = run("spec", "diff", "old.yaml", "new.yaml", "--json", "--exit-code");
        assertThat(ended.code()).isEqualTo(1);
        JsonNode root = new ObjectMapper().readTree(ended.out());
        assertThat(root.get("effect").asText()).isEqualTo("relearns");
        assertThat(root.get("keeps_weights").asBoolean()).isFalse();
        assertThat(root.get("keeps_log").asBoolean()).isTrue();
        assertThat(root.get("changes")).hasSize(3);
        JsonNode first = root.get("changes").get(0);
        assertThat(first.get("path").asText()).isEqualTo("decision.candidate.price");
        assertThat(first.get("old").isNull()).isTrue();
        assertThat(first.get("new").asText()).isEqualTo("numeric");
        assertThat(first.get("effect").asText()).isEqualTo("continues");
        assertThat(first.get("reason").asText()).isNotEmpty();
    }

    @Test
    void ofTheSameInOtherWordsThereIsNothingToTell() throws Exception {
        assertThat(run("spec", "diff", "old.yaml", "same.yaml", "--exit-code"))
                .isEqualTo(new Ended(0, "both specs say the same\n", ""));
    }

    @Test
    void tellsAllProblemsOfBothFiles() throws Exception {
        Ended ended = run("spec", "diff", "bad.yaml", "worse.yaml");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("millrace: bad.yaml:2:63: decision.candidate.age: number (expected: "),
                        line -> assertThat(line)
                                .startsWith("worse.yaml:3:28: feedback.reward.click: much (expected: a finite number)"),
                        line -> assertThat(line).startsWith("worse.yaml:5:1: modle: unknown (expected: model?)"));
        assertThat(run("spec", "diff", "nowhere.yaml", "old.yaml").err())
                .isEqualTo("millrace: OLD: nowhere.yaml: no such file or directory (expected: a pipeline spec)\n");
        assertThat(run("spec").err())
                .isEqualTo("millrace: no command given (expected: diff or apply); see millrace spec --help\n");
    }
}
