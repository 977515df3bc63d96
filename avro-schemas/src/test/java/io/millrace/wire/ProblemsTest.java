package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemsTest {
    @Test
    void keepsTheFirstAndCountsAll() {
        Problems problems = new Problems();
        assertThat(problems.isEmpty()).isTrue();
        for (int i = 0; i < Problems.LIMIT + 7; i++) {
            assertThat(problems.isFull()).isEqualTo(i >= Problems.LIMIT);
            problems.accept(Problem.missing("field " + i, "a value"));
        }
        assertThat(problems.isEmpty()).isFalse();
        assertThat(problems.count()).isEqualTo(Problems.LIMIT + 7);
        assertThat(problems.list()).hasSize(Problems.LIMIT);
        assertThat(problems.list().get(49).name()).isEqualTo("field 49");
    }
}
