package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.chaos.ChaosOptions.Phases;
import io.millrace.local.cluster.Sabotage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small chaos; the large one is {@code millrace chaos}. */
@Tag("whole-machine")
class ChaosIT {
    private static final Phases SHORT = new Phases(Duration.ofSeconds(5), Duration.ofSeconds(5));

    @TempDir
    private Path directory;

    @Test
    void nothingIsLostWrittenTwiceOrLearnedTwiceAndEveryVersionIsWhatTheLogGives() throws Exception {
        Path place = directory.resolve("cluster");
        ChaosOptions options = new ChaosOptions(place, 3, 11, Duration.ofSeconds(30), 40, SHORT, 3, 2, Sabotage.NONE);
        List<String> told = new ArrayList<>();
        ChaosReport report = new ChaosRun(options, told::add).run();
        assertThat(report.holds()).as("%s%n%s", report, String.join("\n", told)).isTrue();
        assertThat(report.acknowledged()).isGreaterThan(500);
        assertThat(report.versions()).isGreaterThan(20);
        assertThat(report.faults())
                .containsEntry("kill", 3)
                .containsKeys("pause", "restart", "cut", "store", "corrupt_base", "corrupt_delta");
        assertThat(ProcessHandle.allProcesses())
                .as("processes that are left")
                .noneMatch(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(place.toString()))
                        .isPresent());
    }
}
