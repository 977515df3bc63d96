package io.millrace.features.join.match;

import static io.millrace.features.join.match.TestingMatch.decision;
import static io.millrace.features.join.match.TestingMatch.feedback;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubjectMatchTest {
    private static final long SECOND = 1_000_000;
    private static final FeedbackSpec SPEC =
            new FeedbackSpec(Map.of("click", 1.0), Set.of(), Duration.ofSeconds(60), Duration.ofSeconds(600));

    private final TestingMatch match = new TestingMatch(new SubjectMatch(SPEC, Duration.ofSeconds(4)));

    @Test
    void isAboutTheLastDecisionThatShowedTheItemToTheSubject() {
        match.time(97 * SECOND)
                .decision(decision("d1", null, "ann", 90 * SECOND, "up", "heat"))
                .decision(decision("d2", null, "ann", 99 * SECOND, "up"))
                .decision(decision("d3", null, "ben", 100 * SECOND, "up"))
                .feedback(feedback("f1", "ann", "up", 100 * SECOND), 1)
                .feedback(feedback("f2", "ann", "heat", 100 * SECOND), 2)
                .feedback(feedback("f3", "ann", "up", 98 * SECOND), 3);
        assertThat(match.matched).containsExactly("f1=d2", "f2=d1", "f3=d1");
        assertThat(match.count(MatchCount.MATCHED)).isEqualTo(3);
        assertThat(match.count(MatchCount.AMBIGUOUS)).as("d1 and d2").isEqualTo(1);
        assertThat(match.count(MatchCount.EARLY)).isZero();
    }

    @Test
    void decisionsAboutOneRequestAreNotAmbiguous() {
        match.time(97 * SECOND)
                .decision(decision("d1", "r", "ann", 90 * SECOND, "up"))
                .decision(decision("d2", "r", "ann", 91 * SECOND, "up", "up"))
                .feedback(feedback("f1", "ann", "up", 100 * SECOND), 1);
        assertThat(match.matched).containsExactly("f1=d2");
        assertThat(match.count(MatchCount.AMBIGUOUS)).isZero();
    }

    @Test
    void theWindowBeginsAtTheDecision() {
        match.time(97 * SECOND)
                .decision(decision("d1", null, "ann", 40 * SECOND, "up"))
                .feedback(feedback("on time", "ann", "up", 100 * SECOND), 1)
                .feedback(feedback("too late", "ann", "up", 100 * SECOND + 1), 2)
                .feedback(feedback("before", "ann", "up", 40 * SECOND - 1), 3);
        assertThat(match.matched).containsExactly("on time=d1");
        match.time(157 * SECOND - 1);
        assertThat(match.dead).isEmpty();
        match.time(157 * SECOND);
        assertThat(match.dead)
                .as("waited from the event time at which it was read")
                .containsExactly(3L);
        match.time(161 * SECOND);
        assertThat(match.dead).containsExactly(3L, 2L);
        assertThat(match.count(MatchCount.UNMATCHED)).isEqualTo(2);
        assertThat(match.reasons.get(0))
                .isEqualTo(
                        "feedback before: item up for ann unknown (expected: a decision that showed it to that subject at"
                                + " most PT1M before, the window, and that arrives within that time)");
    }

    @Test
    void feedbackThatComesBeforeItsDecisionWaitsForIt() {
        match.time(98 * SECOND)
                .feedback(feedback("f1", "ann", "up", 100 * SECOND), 1)
                .decision(decision("d1", null, "ben", 99 * SECOND, "up"))
                .decision(decision("d2", null, "ann", 101 * SECOND, "up"));
        assertThat(match.matched).isEmpty();
        match.decision(decision("d3", null, "ann", 99 * SECOND, "up"));
        assertThat(match.matched).containsExactly("f1=d3");
        assertThat(match.count(MatchCount.EARLY)).isEqualTo(1);
    }

    @Test
    void inABacklogItWaitsForEventTimeRatherThanTakeADecisionOnlySinceItWasReadFirst() {
        match.feedback(feedback("f1", "ann", "up", 100 * SECOND), 1)
                .decision(decision("d1", null, "ann", 50 * SECOND, "up"))
                .time(49 * SECOND)
                .decision(decision("d2", null, "ann", 95 * SECOND, "up"));
        assertThat(match.matched).isEmpty();
        match.time(96 * SECOND - 1);
        assertThat(match.matched).isEmpty();
        match.time(96 * SECOND);
        assertThat(match.matched).containsExactly("f1=d2");
    }

    @Test
    void feedbackThatIsToldLateFindsItsDecisionAsLongAsTheJoinTakesCorrections() {
        match.decision(decision("d1", null, "ann", 100 * SECOND, "up"))
                .time(700 * SECOND - 1)
                .feedback(feedback("f1", "ann", "up", 110 * SECOND), 1);
        assertThat(match.matched).containsExactly("f1=d1");
        match.time(700 * SECOND);
        assertThat(match.keys()).isZero();
        match.decision(decision("d2", null, "ann", 100 * SECOND, "up"));
        assertThat(match.keys())
                .as("a decision that the join does not take either")
                .isZero();
    }

    @Test
    void aRepeatIsDroppedThoughADecisionCameInBetween() {
        match.time(98 * SECOND)
                .decision(decision("d1", null, "ann", 90 * SECOND, "up"))
                .feedback(feedback("f1", "ann", "up", 100 * SECOND), 1)
                .decision(decision("d2", null, "ann", 99 * SECOND, "up"))
                .decision(decision("d2", null, "ann", 99 * SECOND, "up"))
                .feedback(feedback("f1", "ann", "up", 100 * SECOND), 2);
        assertThat(match.matched).containsExactly("f1=d1");
        assertThat(match.count(MatchCount.REPEATED)).isEqualTo(1);
    }

    @Test
    void whatSaysForWhomAndNotWhatIsADeadLetterAtOnce() {
        match.feedback(feedback("f1", "ann", null, SECOND), 7);
        assertThat(match.dead).containsExactly(7L);
        assertThat(match.reasons)
                .containsExactly(
                        "feedback f1: item: missing (expected: the item, where a subject is named and no decision)");
    }

    @Test
    void ofASubjectAndAnItemNoMoreIsRememberedThanTheBound() {
        match.time(0);
        for (int i = 0; i < SubjectMatch.MOST + 10; i++) {
            match.decision(decision("d%04d".formatted(i), null, "guest", SECOND + i, "up"));
        }
        match.feedback(feedback("old", "guest", "up", SECOND + 9), 1)
                .feedback(feedback("new", "guest", "up", SECOND + 10), 2);
        assertThat(match.matched).containsExactly("new=d0010");
        assertThat(match.count(MatchCount.CROWDED_OUT)).isEqualTo(10);
    }

    @Test
    void noMoreThanItsBoundWaitsForOnePair() {
        for (int i = 0; i < SubjectMatch.MOST + 3; i++) {
            match.feedback(feedback("f" + i, "guest", "up", 100 * SECOND), i);
        }
        assertThat(match.count(MatchCount.EXCESSIVE)).isEqualTo(3);
        assertThat(match.dead).hasSize(3);
        match.feedback(feedback("f0", "guest", "up", 100 * SECOND), 999);
        assertThat(match.count(MatchCount.REPEATED)).isOne();
    }
}
