package io.millrace.features.join;

import static io.millrace.features.join.Records.decision;
import static io.millrace.features.join.Records.feedback;
import static io.millrace.features.join.Records.on;
import static io.millrace.features.join.Records.onRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.wire.DecisionIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionJoinTest {
    private static final String KEY = "key";
    private static final long SECOND = 1_000_000;
    private static final long T = 1_760_000_000L * SECOND;
    private static final long WINDOW = 60 * SECOND;
    private static final long LATE = 600 * SECOND;
    private static final FeedbackSpec SPEC = new FeedbackSpec(
            Map.of("click", 1.0, "like", 2.0, "unlike", -2.0),
            Set.of("dismiss"),
            Duration.ofSeconds(60),
            Duration.ofSeconds(600));

    private final TestingJoin join = new TestingJoin(new DecisionJoin(SPEC));

    @Test
    void labelsEverySlotWhenTheWindowCloses() {
        join.decision(KEY, decision("d", null, T, 2))
                .feedback(KEY, on(feedback("f1", "click", T + SECOND), "d", 1))
                .feedback(KEY, on(feedback("f2", "like", T + 2 * SECOND), "d", 1))
                .time(T + WINDOW - 1);
        assertThat(join.examples).isEmpty();
        join.time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getSlot).containsExactly(0, 1);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(0.0, 3.0);
        assertThat(join.examples).extracting(Example::getLabelDelayMicros).containsOnly(WINDOW);
    }

    @Test
    void copiesWhatWasLoggedIntoTheExample() {
        join.decision(KEY, decision("d", null, T, 2)).time(T + WINDOW);
        Example example = join.examples.get(1);
        assertThat(example.getFeatures()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 11}));
        assertThat(example.getPropensity()).isEqualTo(0.25);
        assertThat(example.getArm()).isEqualTo("learned");
        assertThat(example.getVariants()).containsExactly(Map.entry("ranking", "b"));
        assertThat(example.getFeatureSet()).isEqualTo("movies");
        assertThat(example.getFeatureSetVersion()).isEqualTo(7);
        assertThat(example.getDecisionTimeMicros()).isEqualTo(T);
        assertThat(example.getWeight()).isEqualTo(1);
        assertThat(example.getKind()).isEqualTo(ExampleKind.ORIGINAL);
    }

    @Test
    void closesASlotAtOnceWithFinalFeedback() {
        Feedback last = on(feedback("f1", "click", T + SECOND), "d", 0);
        last.setFinal$(true);
        join.decision(KEY, decision("d", null, T, 2))
                .feedback(KEY, last)
                .feedback(KEY, on(feedback("f2", "dismiss", T + 2 * SECOND), "d", 1));
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0, 0.0);
        assertThat(join.examples).extracting(Example::getLabelDelayMicros).containsExactly(SECOND, 2 * SECOND);
        join.time(T + LATE);
        assertThat(join.examples).hasSize(2);
    }

    @Test
    void tellsOutcomesAtOnceAndTheEndOfAWindow() {
        join.decision(KEY, decision("d", null, T, 1)).feedback(KEY, on(feedback("f1", "seen", T + SECOND), "d", null));
        Outcome seen = join.outcomes.get(0);
        assertThat(seen.getKind()).isEqualTo("seen");
        assertThat(seen.getReward()).isZero();
        assertThat(seen.getClosed()).isFalse();
        assertThat(seen.getSubject()).isEqualTo("anna");
        join.time(T + WINDOW);
        Outcome window = join.outcomes.get(1);
        assertThat(window.getId()).isEqualTo("d/0");
        assertThat(window.getKind()).isEqualTo("window");
        assertThat(window.getClosed()).isTrue();
        assertThat(window.getTimeMicros()).isEqualTo(T + WINDOW);
    }

    @Test
    void dropsRepeatedFeedbackAndRepeatedDecisions() {
        join.decision(KEY, decision("d", null, T, 1))
                .feedback(KEY, on(feedback("f1", "click", T + SECOND), "d", 0))
                .feedback(KEY, on(feedback("f1", "click", T + SECOND), "d", 0))
                .decision(KEY, decision("d", null, T, 1))
                .time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0);
        assertThat(join.count(JoinCount.REPEATED)).isOne();
        assertThat(join.count(JoinCount.REPEATED_DECISION)).isOne();
    }

    @Test
    void keepsEarlyFeedbackInItsOrderUntilTheDecisionComes() {
        join.feedback(KEY, on(feedback("f1", "click", T + SECOND), "d", 0))
                .feedback(KEY, on(feedback("f2", "dismiss", T + 2 * SECOND), "d", 0))
                .feedback(KEY, on(feedback("f3", "like", T + 3 * SECOND), "d", 0));
        assertThat(join.outcomes).isEmpty();
        join.decision(KEY, decision("d", null, T, 1));
        assertThat(join.outcomes).extracting(Outcome::getId).containsExactly("f1", "f2", "f3");
        assertThat(join.examples)
                .extracting(Example::getKind)
                .containsExactly(ExampleKind.ORIGINAL, ExampleKind.CORRECTION);
        assertThat(join.count(JoinCount.EARLY)).isEqualTo(3);
    }

    @Test
    void countsFeedbackForADecisionThatWasNotLoggedApartAndAtOnce() {
        String id = DecisionIds.mint(T / 1000, "r", 1);
        join.decision(KEY, decision(id, "r", T, 1))
                .feedback(KEY, on(feedback("f1", "click", T + SECOND), DecisionIds.unlogged(id), 0))
                .feedback("other", on(feedback("f2", "click", T + SECOND), DecisionIds.unlogged(id), 0));
        assertThat(join.count(JoinCount.UNLOGGED)).isEqualTo(2);
        assertThat(join.reasons).hasSize(2).allMatch(reason -> reason.contains("was not logged"));
        assertThat(join.state("other")).isNull();
        join.time(T + LATE);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(0.0);
        assertThat(join.count(JoinCount.UNMATCHED)).isZero();
        assertThat(join.count(JoinCount.MATCHED)).isZero();
    }

    @Test
    void rejectsFeedbackForAnUnknownDecisionWhenItsWindowIsOver() {
        join.feedback(KEY, on(feedback("f1", "click", T), "d", 0)).time(T + WINDOW - 1);
        assertThat(join.reasons).isEmpty();
        join.time(T + WINDOW);
        assertThat(join.reasons)
                .containsExactly("feedback f1: decision d unknown (expected: a decision that arrives within PT1M, the"
                        + " window, and is at most PT10M old)");
        assertThat(join.keys()).isZero();
    }

    @Test
    void letsFeedbackWaitForTheWindowFromWhenItIsReadWhateverItsOwnClockSays() {
        join.time(T + LATE / 2);
        Feedback early = on(feedback("f1", "click", T), "d", 0);
        join.feedback(KEY, early).feedback(KEY, on(feedback("f2", "click", T), "unknown", 0));
        join.time(T + LATE / 2 + WINDOW - 1);
        assertThat(join.reasons).isEmpty();
        join.decision(KEY, decision("d", null, T, 1)).time(T + LATE / 2 + WINDOW);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0);
        assertThat(join.reasons).singleElement().asString().startsWith("feedback f2: decision unknown unknown");
    }

    @Test
    void rejectsFeedbackThatNamesNoSlotOfItsDecision() {
        Feedback contradiction = on(feedback("f4", "click", T), "d", 0);
        contradiction.setItem("i1");
        Feedback unknownItem = on(feedback("f3", "click", T), "d", null);
        unknownItem.setItem("i9");
        join.decision(KEY, decision("d", null, T, 2))
                .feedback(KEY, on(feedback("f1", "click", T), "d", null))
                .feedback(KEY, on(feedback("f2", "click", T), "d", 2))
                .feedback(KEY, unknownItem)
                .feedback(KEY, contradiction);
        assertThat(join.reasons)
                .containsExactly(
                        "feedback f1: no slot and no item (expected: one of them, on a slate of 2)",
                        "feedback f2: slot 2 (expected: a slot below 2)",
                        "feedback f3: item i9 (expected: an item of the slate)",
                        "feedback f4: item i1 in slot 0 (expected: the item shown there, i0)");
        assertThat(join.count(JoinCount.AMBIGUOUS)).isEqualTo(4);
    }

    @Test
    void rejectsAnItemThatWasShownTwiceWithoutItsSlot() {
        Feedback twice = on(feedback("f1", "click", T), "d", null);
        twice.setItem("a");
        join.decision(KEY, decision("d", null, T, List.of(Records.slot("a", (byte) 1), Records.slot("a", (byte) 2))))
                .feedback(KEY, twice);
        assertThat(join.reasons)
                .containsExactly("feedback f1: item a (expected: the slot too, since it was shown in several)");
    }

    @Test
    void rejectsValuesThatNoRewardCanHold() {
        Feedback nan = on(feedback("f1", "seen", T), "d", 0);
        nan.setValue(Double.NaN);
        Feedback infinite = on(feedback("f2", "like", T), "d", 0);
        infinite.setValue(Double.MAX_VALUE);
        join.decision(KEY, decision("d", null, T, 1)).feedback(KEY, nan).feedback(KEY, infinite);
        assertThat(join.count(JoinCount.INVALID)).isEqualTo(2);
        assertThat(join.reasons.get(0))
                .isEqualTo("feedback f1: value NaN (expected: a finite number that keeps the reward finite)");
    }

    @Test
    void correctsALabelOnlyWhenLateFeedbackChangesIt() {
        join.decision(KEY, decision("d", null, T, 1))
                .feedback(KEY, on(feedback("f1", "click", T + SECOND), "d", 0))
                .time(T + WINDOW)
                .feedback(KEY, on(feedback("f2", "seen", T + 2 * WINDOW), "d", 0))
                .feedback(KEY, on(feedback("f3", "like", T + 3 * WINDOW), "d", 0));
        assertThat(join.examples).hasSize(2);
        Example correction = join.examples.get(1);
        assertThat(correction.getKind()).isEqualTo(ExampleKind.CORRECTION);
        assertThat(correction.getReplacedReward()).isEqualTo(1);
        assertThat(correction.getReward()).isEqualTo(3);
        assertThat(correction.getLabelDelayMicros()).isEqualTo(3 * WINDOW);
        assertThat(join.count(JoinCount.LATE)).isEqualTo(2);
        assertThat(join.count(JoinCount.CORRECTED)).isOne();
    }

    @Test
    void labelsABacklogAsItWouldHaveLive() {
        join.decision(KEY, decision("d", null, T, 1))
                .feedback(KEY, on(feedback("f1", "like", T + 2 * WINDOW), "d", 0))
                .feedback(KEY, on(feedback("f2", "click", T + SECOND), "d", 0))
                .time(T + 3 * WINDOW);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0, 3.0);
        assertThat(join.examples.get(1).getReplacedReward()).isEqualTo(1);
    }

    @Test
    void takesWhatWaitedForTheLabelWhenFinalFeedbackGivesIt() {
        join.decision(KEY, decision("d", null, T, 1))
                .feedback(KEY, on(feedback("f1", "like", T + 2 * WINDOW), "d", 0))
                .feedback(KEY, on(feedback("f2", "dismiss", T + SECOND), "d", 0))
                .time(T + LATE);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(0.0, 2.0);
        assertThat(join.reasons).isEmpty();
    }

    @Test
    void rejectsFeedbackFromBeyondTheTimeOfCorrections() {
        join.decision(KEY, decision("d", null, T, 1)).feedback(KEY, on(feedback("f1", "like", T + LATE + 1), "d", 0));
        assertThat(join.reasons)
                .containsExactly("feedback f1: time 2025-10-09T09:03:20.000001Z (expected: at most PT10M after its"
                        + " decision at 2025-10-09T08:53:20Z)");
        assertThat(join.count(JoinCount.EXPIRED)).isOne();
    }

    @Test
    void rejectsADecisionSoOldThatItMayHaveBeenLabelled() {
        join.time(T + LATE).decision(KEY, decision("d", null, T, 1));
        assertThat(join.keys()).isZero();
        assertThat(join.reasons)
                .containsExactly("decision d: time 2025-10-09T08:53:20Z (expected: at most PT10M before the event time"
                        + " reached, 2025-10-09T09:03:20Z)");
    }

    @Test
    void forgetsAKeyWhenCorrectionsAreOver() {
        join.decision(KEY, decision("d", null, T, 1)).time(T + LATE - 1);
        assertThat(join.keys()).isOne();
        join.time(T + LATE);
        assertThat(join.keys()).isZero();
    }

    @Test
    void countsTheLastDecisionOfARequest() {
        join.decision(KEY, decision("d1", "r", T, 1))
                .decision(KEY, decision("d2", "r", T + SECOND, 1))
                .feedback(KEY, onRequest(feedback("f1", "click", T + 2 * SECOND), "r", 0))
                .time(T + LATE);
        assertThat(join.examples).extracting(Example::getDecisionId).containsExactly("d2");
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0);
        assertThat(join.count(JoinCount.SUPERSEDED)).isOne();
    }

    @Test
    void countsTheDecisionOfARequestThatFeedbackNames() {
        join.decision(KEY, decision("d1", "r", T, 1))
                .decision(KEY, decision("d2", "r", T + SECOND, 1))
                .feedback(KEY, on(feedback("f1", "click", T + 2 * SECOND), "d1", 0))
                .feedback(KEY, onRequest(feedback("f2", "like", T + 3 * SECOND), "r", 0))
                .time(T + LATE);
        assertThat(join.examples).extracting(Example::getDecisionId).containsExactly("d1");
        assertThat(join.examples).extracting(Example::getReward).containsExactly(3.0);
    }

    @Test
    void losesNoFeedbackToALaterDecisionOfTheSameRequest() {
        join.decision(KEY, decision("d1", "r", T, 1))
                .feedback(KEY, onRequest(feedback("f1", "click", T + SECOND), "r", 0))
                .decision(KEY, decision("d2", "r", T + 2 * SECOND, 1))
                .time(T + LATE);
        assertThat(join.examples).extracting(Example::getDecisionId).containsExactly("d1");
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0);
    }

    @Test
    void labelsASupersededDecisionThatFeedbackNamesAfterAll() {
        join.decision(KEY, decision("d1", "r", T, 2))
                .decision(KEY, decision("d2", "r", T + SECOND, 2))
                .time(T + WINDOW)
                .feedback(KEY, on(feedback("f1", "click", T + 2 * WINDOW), "d1", 1));
        assertThat(join.examples)
                .extracting(Example::getKind)
                .containsExactly(ExampleKind.ORIGINAL, ExampleKind.ORIGINAL, ExampleKind.CORRECTION);
    }

    @Test
    void keepsDecisionsApartThatOnlyShareTheKey() {
        join.decision(KEY, decision("d1", "r1", T, 1))
                .decision(KEY, decision("d2", "r2", T + SECOND, 1))
                .decision(KEY, decision("d3", null, T + 2 * SECOND, 1))
                .feedback(KEY, onRequest(feedback("f1", "click", T + 2 * SECOND), "r1", 0))
                .time(T + LATE);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0, 0.0, 0.0);
    }

    @Test
    void survivesAbsurdTimes() {
        join.decision(KEY, decision("d1", null, Long.MAX_VALUE, 1))
                .feedback(KEY, on(feedback("f1", "click", Long.MIN_VALUE), "d1", 0))
                .feedback(KEY, on(feedback("f2", "click", Long.MAX_VALUE), "d9", 0))
                .time(T);
        assertThat(join.reasons).isEmpty();
        assertThat(join.keys()).isOne();
    }
}
