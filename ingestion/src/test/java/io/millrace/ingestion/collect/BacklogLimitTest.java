package io.millrace.ingestion.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogLimitTest {
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void refusesBeyondHalfOfWhatIsKeptAndSaysWhy() {
        BacklogLimit limit = new BacklogLimit(null);
        assertThat(limit.judge(List.of(lag(Duration.ofHours(84), WEEK)))).isEmpty();
        assertThat(limit.judge(List.of(lag(Duration.ofHours(85), WEEK))).orElseThrow())
                .hasToString("backlog of the join in feedback-2: 12 unread, the first since PT85H"
                        + " (expected: at most PT84H; records are kept for PT168H)");
    }

    @Test
    void takesFeedbackAgainBelowNineTenths() {
        BacklogLimit limit = new BacklogLimit(Duration.ofMinutes(100));
        assertThat(limit.judge(List.of(lag(Duration.ofMinutes(99), WEEK)))).isEmpty();
        assertThat(limit.judge(List.of(lag(Duration.ofMinutes(101), WEEK)))).isPresent();
        assertThat(limit.judge(List.of(lag(Duration.ofMinutes(99), WEEK)))).isPresent();
        assertThat(limit.judge(List.of(lag(Duration.ofMinutes(91), WEEK)))).isPresent();
        assertThat(limit.judge(List.of(lag(Duration.ofMinutes(90), WEEK)))).isEmpty();
        assertThat(limit.judge(List.of(lag(Duration.ofMinutes(99), WEEK)))).isEmpty();
    }

    @Test
    void theWorstPartitionDecidesByItsOwnTopicsRetention() {
        BacklogLimit limit = new BacklogLimit(null);
        Lag old = lag(Duration.ofDays(20), Duration.ofDays(90));
        Lag atRisk = new Lag("decisions", 0, 7, Duration.ofHours(20), Duration.ofHours(30));
        assertThat(limit.judge(List.of(old))).isEmpty();
        assertThat(limit.judge(List.of(old, atRisk, Lag.none("feedback", 0))))
                .hasValueSatisfying(
                        problem -> assertThat(problem.name()).isEqualTo("backlog of the join in decisions-0"));
    }

    @Test
    void whatIsKeptForEverIsNeverTooOldUnlessALimitIsSet() {
        Lag ancient = lag(Duration.ofDays(3650), null);
        assertThat(new BacklogLimit(null).judge(List.of(ancient))).isEmpty();
        assertThat(new BacklogLimit(Duration.ofDays(1)).judge(List.of(ancient))).isPresent();
        assertThat(new BacklogLimit(null).judge(List.of())).isEmpty();
    }

    private static Lag lag(Duration age, Duration kept) {
        return new Lag("feedback", 2, 12, age, kept);
    }
}
