package io.millrace.ingestion.collect;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectorLimitsTest {
    @Test
    void listsEverythingWrongAtOnce() {
        assertThatThrownBy(() ->
                        new CollectorLimits(0, 0, -1, Duration.ZERO, Duration.ZERO, Duration.ofDays(-1), Duration.ZERO))
                .hasMessage("maxBodyBytes: 0 (expected: at least 1);"
                        + " maxRequestsInFlight: 0 (expected: at least 1);"
                        + " maxBytesInFlight: -1 (expected: at least maxBodyBytes);"
                        + " readTimeout: PT0S (expected: 100 ms to 10 min);"
                        + " ackTimeout: PT0S (expected: 100 ms to 10 min);"
                        + " maxAhead: PT-24H (expected: 0 to 36,500 days);"
                        + " maxBacklog: PT0S (expected: at least 1 s)");
    }
}
