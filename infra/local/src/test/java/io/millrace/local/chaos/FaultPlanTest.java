package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.chaos.Fault.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {
    private static final Duration SPAN = Duration.ofMinutes(9);
    private static final List<List<String>> VICTIMS = List.of(
            List.of("taskmanager-1", "taskmanager-2"),
            List.of("broker-1", "broker-2", "broker-3"),
            List.of("collector"),
            List.of("jobmanager"),
            List.of("serving-1", "serving-2"));

    @Test
    void aSeedFixesEverything() {
        assertThat(FaultPlan.of(7, 20, SPAN, VICTIMS)).isEqualTo(FaultPlan.of(7, 20, SPAN, VICTIMS));
        assertThat(FaultPlan.of(7, 20, SPAN, VICTIMS)).isNotEqualTo(FaultPlan.of(8, 20, SPAN, VICTIMS));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 7, 1234})
    void everyKindOfProcessIsKilledAndEveryOtherFaultComes(long seed) {
        List<Fault> plan = FaultPlan.of(seed, 20, SPAN, VICTIMS);
        assertThat(plan).filteredOn(fault -> fault.kind() == Kind.KILL).hasSize(20);
        for (List<String> kind : VICTIMS) {
            assertThat(plan)
                    .filteredOn(fault -> fault.kind() == Kind.KILL && kind.contains(fault.victim()))
                    .as("kills of %s", kind)
                    .hasSize(4);
        }
        assertThat(plan).extracting(Fault::kind).contains(Kind.values());
    }

    @Test
    void faultsBeginWithinTheSpanOneAfterTheOther() {
        List<Fault> plan = FaultPlan.of(5, 20, SPAN, VICTIMS);
        assertThat(plan).extracting(Fault::at).isSorted();
        assertThat(plan).allSatisfy(fault -> {
            assertThat(fault.at()).isBetween(Duration.ZERO, SPAN);
            assertThat(fault.lasts()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
        });
    }
}
