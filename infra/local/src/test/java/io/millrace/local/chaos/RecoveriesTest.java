package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecoveriesTest {
    private final Recoveries recoveries = new Recoveries();

    @Test
    void percentilesAreOnesThatHappened() {
        LongStream.rangeClosed(1, 200).forEach(took -> recoveries.add("broker-1", 201 - took));
        assertThat(recoveries.figures().get("broker-1")).isEqualTo(new Recoveries.Figures(200, 100, 198, 200));
    }

    @Test
    void ofOneItIsThatOne() {
        recoveries.add("serving-1", 4_321);
        assertThat(recoveries.figures().get("serving-1")).isEqualTo(new Recoveries.Figures(1, 4_321, 4_321, 4_321));
    }
}
