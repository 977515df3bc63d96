package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PackingTest {
    @Test
    void unpacksAnArrivalAsItWasPacked() {
        Arrival arrival = new Arrival(Arrival.Kind.FEEDBACK, 3, 1L << 40, -7, -1_760_000_000_000_001L, new byte[] {5});
        byte[] packed = arrival.pack();
        assertThat(Arrival.unpack(packed)).usingRecursiveComparison().isEqualTo(arrival);
        assertThat(Arrival.kind(packed)).isEqualTo(Arrival.Kind.FEEDBACK);
        assertThat(Arrival.key(packed)).isEqualTo(-7);
        assertThat(Arrival.timeMicros(packed)).isEqualTo(-1_760_000_000_000_001L);
    }

    @Test
    void unpacksADepartureAsItWasPacked() {
        Departure departure = new Departure(Topic.EXAMPLES, "dü", new byte[] {1, 2});
        assertThat(Departure.unpack(departure.pack()))
                .usingRecursiveComparison()
                .isEqualTo(departure);
    }

    @Test
    void reachesAMicrosecondWithItsMillisecond() {
        for (long micros : new long[] {0, 999, 1000, 1_760_000_000_000_123L, -1, -1000, -1001}) {
            long millis = EventTime.millis(micros);
            assertThat(EventTime.reachedMicros(millis)).isGreaterThanOrEqualTo(micros);
            assertThat(EventTime.reachedMicros(millis - 1)).isLessThan(micros);
        }
        assertThat(EventTime.reachedMicros(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(EventTime.reachedMicros(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void spreadsDecisionsOverTheShards() {
        int[] found = new int[4];
        for (int i = 0; i < 1000; i++) {
            found[DepartureWriter.shard(DecisionIds.mint(i, i), 4)]++;
        }
        assertThat(Arrays.stream(found)).allMatch(count -> count > 200 && count < 300);
    }

    @Test
    void rejectsWrongSettings() {
        JoinJobSettings defaults = JoinJobSettings.defaults();
        assertThatThrownBy(() -> defaults.withParallelism(0)).hasMessage("parallelism: 0 (expected: at least 1)");
        assertThatThrownBy(() -> defaults.withTransactionalIdPrefix(" "))
                .hasMessage("transactionalIdPrefix:   (expected: a name)");
        assertThatThrownBy(() -> defaults.withCheckpointInterval(Duration.ZERO))
                .hasMessage("checkpointInterval: PT0S (expected: at least PT0.01S)");
    }
}
