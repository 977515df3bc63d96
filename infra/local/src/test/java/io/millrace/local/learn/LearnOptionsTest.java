package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearnOptionsTest {
    @Test
    void whatIsSaidTwiceIsToldWithBoth() {
        assertThat(LearnOptions.Model.of(
                                "squared",
                                "ftrl",
                                List.of("learner=coin", "alpha=1", "alpha=2", "loss=squared", "beta", "=3"))
                        .problems())
                .extracting(Object::toString)
                .containsExactly(
                        "--set: alpha=1 and --set alpha=2 (expected: one of them)",
                        "--set: beta (expected: KEY=VALUE)",
                        "--set: =3 (expected: KEY=VALUE)",
                        "--learner: ftrl and --set learner=coin (expected: one of them)",
                        "--loss: squared and --set loss=squared (expected: one of them)");
    }

    @Test
    void settingsAreOfTheSectionModel() throws Exception {
        assertThat(LearnOptions.Model.of(null, "ftrl", List.of("ids.table=exact", "alpha=0.5"))
                        .all()
                        .entrySet())
                .extracting(Object::toString)
                .containsExactly("learner=ftrl", "alpha=0.5", "ids.table=exact");
    }
}
