package io.millrace.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRangeTest {
    @Test
    void isTwoOffsetsOrTwoTimes() throws StartException {
        LogRange offsets = LogRange.of("1200..3400");
        assertThat(offsets.from()).isEqualTo(1200);
        assertThat(offsets.to()).isEqualTo(3400);
        LogRange times = LogRange.of("1970-01-01T00:00:01Z..1970-01-01T00:01:00.250Z");
        assertThat(times.from()).isEqualTo(1000);
        assertThat(times.to()).isEqualTo(60_250);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5-9",
                "5..",
                "..9",
                "9..5",
                "5..5",
                "-1..5",
                "a..b",
                "1..2026-11-26T03:00:00Z",
                "2026-11-26T03:00:00Z..7",
                "2026-11-26T03:00:00Z..2026-11-26T02:00:00Z",
                "99999999999999999999..5"
            })
    void whatIsNoRangeIsRefusedWithBothForms(String text) {
        assertThatThrownBy(() -> LogRange.of(text))
                .isInstanceOf(StartException.class)
                .hasMessage("--without: " + text + " (expected: FROM..TO, two offsets like 1200..3400 or two times like"
                        + " 2026-11-26T03:00:00Z..2026-11-26T04:00:00Z)");
    }
}
