package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.features.spec.LearnerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearnIT {
    private static final int ROWS = 3_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void everyLearnerReportsWhatItsPredictionsWereWorth(LearnerKind learner) throws Exception {
        write();
        String out = run(
                0,
                "learn",
                "--data",
                "clicks.csv",
                "--label",
                "wait > 10",
                "--learner",
                learner.text(),
                "--set",
                "bits=12",
                "--cross",
                "user*item",
                "--report",
                "report.json",
                "--predictions",
                "predictions.csv");
        assertThat(out).contains("log-loss").contains("AUC").contains("3,000").contains(learner.text());
        JsonNode report =
                new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        assertThat(report.at("/examples").asLong()).isEqualTo(ROWS);
        assertThat(report.at("/skipped").asLong()).isZero();
        assertThat(report.at("/features").asDouble()).isBetween(4.0, 20.0);
        assertThat(report.at("/log_loss").asDouble()).isBetween(0.2, 0.69);
        assertThat(report.at("/second_half_log_loss").asDouble())
                .isLessThan(report.at("/log_loss").asDouble());
        assertThat(report.at("/normalized_entropy").asDouble()).isLessThan(1);
        assertThat(report.at("/auc").asDouble()).isBetween(0.6, 1.0);
        assertThat(report.at("/accuracy").asDouble()).isBetween(0.5, 1.0);
        assertThat(report.at("/calibration").asDouble()).isBetween(0.8, 1.2);
        assertThat(report.at("/learn_examples_per_s").asDouble()).isPositive();
        assertThat(report.at("/wall_s").asDouble()).isPositive();
        assertThat(report.at("/learner/name").asText()).isEqualTo(learner.text());
        assertThat(report.at("/learner/bits").asInt()).isEqualTo(12);
        assertThat(report.at("/members").isObject()).isTrue();
        assertThat(Files.readAllLines(directory.resolve("predictions.csv"))).hasSize(ROWS + 1);
    }

    @Test
    void whatWasSavedIsGoneOnFromAndImported() throws Exception {
        write();
        run(0, "learn", "--data", "clicks.csv", "--label", "wait > 10", "--set", "bits=12", "--save", "saved");
        run(0, "learn", "--data", "clicks.csv", "--label", "wait > 10", "--from", "saved", "--save", "again");
        assertThat(run(0, "model", "import", "again", "--data-dir", "data")).contains("as the root of clicks");
        assertThat(run(0, "learn", "--data", "clicks.csv", "--label", "wait>10", "--spec", "saved/spec.yaml"))
                .contains("3,000");
    }

    @Test
    void anImportThatIsRefusedLeavesNothing() throws Exception {
        write();
        run(0, "learn", "--data", "clicks.csv", "--label", "wait > 10", "--set", "bits=12", "--save", "saved");
        Path base = directory.resolve("saved/model.base");
        byte[] sound = Files.readAllBytes(base);
        Files.write(base, Arrays.copyOf(sound, sound.length / 2));
        run(2, "model", "import", "saved", "--data-dir", "data");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void predictionsOnStandardOutputAreAloneThere() throws Exception {
        write();
        try (TestingMillrace millrace = TestingMillrace.start(
                directory, "learn", "--data", "clicks.csv", "--label", "wait > 10", "--predictions", "-")) {
            assertThat(millrace.awaitExit(PATIENCE)).as(millrace.err()).isZero();
            assertThat(millrace.out().lines()).hasSize(ROWS + 1).first().isEqualTo("row,prediction,label");
            assertThat(millrace.out().lines().skip(1)).allMatch(line -> line.matches("[0-9]+,[0-9.E-]+,[01]"));
            assertThat(millrace.err()).contains("log-loss");
        }
        assertThat(directory.resolve("-")).doesNotExist();
    }

    @Test
    void aLearnerThatDivergesEndsWithTheRowAtFault() throws Exception {
        Files.writeString(directory.resolve("big.csv"), "y,v\n1,1\n0,2\n3e38,3e38\n1,2\n");
        try (TestingMillrace millrace = TestingMillrace.start(
                directory,
                "learn",
                "--data",
                "big.csv",
                "--label",
                "y",
                "--loss",
                "squared",
                "--learner",
                "ftrl",
                "--set",
                "alpha=1e30")) {
            assertThat(millrace.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(millrace.err()).contains("millrace: big.csv, line ").doesNotContain("Exception");
            assertThat(millrace.out()).isEmpty();
        }
    }

    private String run(int code, String... arguments) throws Exception {
        try (TestingMillrace millrace = TestingMillrace.start(directory, arguments)) {
            assertThat(millrace.awaitExit(PATIENCE)).as(millrace.err()).isEqualTo(code);
            return millrace.out();
        }
    }

    private void write() throws Exception {
        Random random = new Random(5);
        Files.writeString(
                directory.resolve("clicks.csv"),
                IntStream.range(0, ROWS)
                        .mapToObj(i -> {
                            int user = random.nextInt(8);
                            int item = random.nextInt(8);
                            int wait = random.nextInt(14) + (user + item) % 2 * 6;
                            return "u" + user + ",i" + item + "," + random.nextInt(90) + "," + wait + "\n";
                        })
                        .collect(Collectors.joining("", "user,item,age,wait\n", "")));
    }
}
