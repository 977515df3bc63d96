package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void namesFieldValueAndExpectation() {
        assertThat(new Problem("policy.epsilon", "1.7", "0 to 1"))
                .hasToString("policy.epsilon: 1.7 (expected: 0 to 1)");
        assertThat(Problem.missing("candidates", "a list")).hasToString("candidates: missing (expected: a list)");
    }

    @Test
    void shortensWhatSomebodySent() {
        assertThat(new Problem("n", "x".repeat(80), "e").value()).isEqualTo("x".repeat(80));
        assertThat(new Problem("n", "x".repeat(81), "e").value()).isEqualTo("x".repeat(80) + "...");
        assertThat(new Problem("k".repeat(1000), "v", "e").name()).isEqualTo("k".repeat(160) + "...");
        assertThat(new Problem("n", "x".repeat(79) + "\uD83D\uDE00\uD83D\uDE00", "e").value())
                .isEqualTo("x".repeat(79) + "...");
    }

    @Test
    void staysOnOneLine() {
        assertThat(new Problem("a\nb", "c\r\n\u001b[31md\u0000", "e")).hasToString("a b: c [31md  (expected: e)");
    }
}
