package io.millrace.local.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConsistencyReportTest {
    private static ConsistencyReport report(long compared, long fromLog, long differ) {
        return new ConsistencyReport(
                "shop",
                10,
                10,
                0,
                List.of(new OfFeature("n", compared, fromLog, differ, differ, 10 - compared, 1, 0.1, 1, 0.1, null)),
                0.5);
    }

    @Test
    void saysThatItIsConsistentOnlyOfWhatWasComputedFromTheLog() {
        assertThat(report(10, 10, 0).text()).contains("Consistent: what was logged is what the log gives. (0.5 s)");
        assertThat(report(10, 4, 0).text())
                .contains(
                        "Consistent: what was logged is what the log gives; 6 values by feature-values only. (0.5 s)");
        assertThat(report(10, 0, 0).text())
                .contains("What was logged is what feature-values said. Whether that is right is not known")
                .doesNotContain("onsistent");
        assertThat(report(0, 0, 0).text())
                .contains("Nothing could be compared.")
                .doesNotContain("onsistent");
        assertThat(report(10, 10, 1).text()).contains("NOT consistent: what was logged is not what the log gives.");
        assertThat(report(10, 4, 0).json()).contains("\"from_log\" : 4");
    }
}
