package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SavedRunTest {
    @TempDir
    private Path directory;

    private TestingFlights files;

    @BeforeEach
    void begin() {
        files = new TestingFlights(directory);
    }

    @ParameterizedTest
    @EnumSource
    void savedAndGoneOnFromIsOneRunBitForBit(LearnerKind learner) throws Exception {
        goesOn(
                TestingFlights.run(files.csv("one/x.csv", 0, TestingFlights.ROWS))
                        .learner(learner),
                TestingFlights.run(files.csv("two/x.csv", 0, 1_234)).learner(learner));
    }

    private void goesOn(TestingRun whole, TestingRun part) throws Exception {
        whole.save(directory.resolve("one")).run();
        part.save(directory.resolve("two")).run();
        TestingRun rest = new TestingRun(files.csv("three/x.csv", 1_234, TestingFlights.ROWS), "delay > 15")
                .time("date")
                .from(directory.resolve("two"))
                .save(directory.resolve("three"));
        assertThat(rest.run().examples()).isEqualTo(TestingFlights.ROWS - 1_234);
        assertThat(rest.told()).contains("goes on after 1,234 examples");
        for (String file : List.of(SavedModel.BASE, SavedModel.SPEC, "last-labels.txt")) {
            assertThat(directory.resolve("three").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("one").resolve(file));
        }
    }

    @Test
    void theSavedSpecIsOneOfAPipelineAndReproducesTheRun() throws Exception {
        Path data = files.csv("a.csv", 0, TestingFlights.ROWS);
        LearnReport report =
                TestingFlights.run(data).save(directory.resolve("m")).run();
        Path yaml = directory.resolve("m").resolve("spec.yaml");
        PipelineSpec spec = SpecReader.read(Files.readString(yaml), "spec.yaml");
        assertThat(spec.pipeline()).isEqualTo("a");
        assertThat(spec.crosses()).containsExactly(List.of("origin", "hour"), List.of("hour", "weekday", "lag_1"));
        LearnReport again =
                new TestingRun(data, "delay > 15").time("date").spec(yaml).run();
        assertThat(again.digest()).isEqualTo(report.digest());
    }
}
