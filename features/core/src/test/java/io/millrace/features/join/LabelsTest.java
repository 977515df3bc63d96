package io.millrace.features.join;

import static io.millrace.features.join.Records.decision;
import static io.millrace.features.join.Records.feedback;
import static io.millrace.features.join.Records.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.join.state.JoinState;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelSpec;
import io.millrace.features.spec.LabelTiming;
import io.millrace.features.spec.Take;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes a label, and when. */
class LabelsTest {
    private static final String KEY = "key";
    private static final long SECOND = 1_000_000;
    private static final long T = 1_760_000_000L * SECOND;
    private static final long WINDOW = 60 * SECOND;
    private static final FeedbackSpec SPEC = new FeedbackSpec(
            Map.of("rating", 0.5, "click", 1.0), Set.of("dismiss"), Duration.ofSeconds(60), Duration.ofSeconds(600));

    private TestingJoin join = new TestingJoin(new DecisionJoin(SPEC));

    private void with(LabelSpec labels) {
        join = new TestingJoin(new DecisionJoin(SPEC.with(labels)));
    }

    private void tell(String id, String kind, double value, long time, Integer slot) {
        Feedback told = on(feedback(id, kind, time), "d", slot);
        told.setValue(value);
        join.feedback(KEY, told);
    }

    @ParameterizedTest
    @CsvSource({"SUM, 6", "FIRST, 1.5", "MAX, 2.5", "LAST, 2"})
    void takesOfOneKindWhatTheSpecSaysWhateverTheOrderOfArrival(Take take, double label) {
        with(new LabelSpec(Map.of("rating", take), Take.SUM, null, LabelTiming.WINDOW));
        join.decision(KEY, decision("d", null, T, 1));
        tell("f2", "rating", 5, T + 2 * SECOND, 0);
        tell("f3", "rating", 4, T + 3 * SECOND, 0);
        tell("f1", "rating", 3, T + SECOND, 0);
        join.time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(label);
    }

    @ParameterizedTest
    @CsvSource({"SUM, 3", "FIRST, 1", "MAX, 2", "LAST, 2"})
    void combinesTheKindsAsTheSpecSays(Take combine, double label) {
        with(new LabelSpec(Map.of("rating", Take.LAST), combine, null, LabelTiming.WINDOW));
        join.decision(KEY, decision("d", null, T, 1));
        tell("f1", "rating", 9, T + SECOND, 0);
        tell("f2", "click", 1, T + 2 * SECOND, 0);
        tell("f3", "rating", 4, T + 3 * SECOND, 0);
        tell("f4", "seen", 1, T + 4 * SECOND, 0);
        join.time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(label);
    }

    @Test
    void aLateRatingReplacesTheOneThatCountedBefore() {
        with(new LabelSpec(Map.of("rating", Take.LAST), Take.SUM, null, LabelTiming.WINDOW));
        join.decision(KEY, decision("d", null, T, 1));
        tell("f1", "rating", 2, T + SECOND, 0);
        join.time(T + WINDOW);
        tell("f2", "rating", 10, T + 2 * WINDOW, 0);
        tell("f0", "rating", 8, T + SECOND / 2, 0);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0, 5.0);
        assertThat(join.examples.get(1).getReplacedReward()).isEqualTo(1);
        assertThat(join.count(JoinCount.LATE)).isEqualTo(2);
        assertThat(join.count(JoinCount.CORRECTED)).isOne();
    }

    @Test
    void anOutcomeSaysWhichLabelItReplacesAndWhenThatOneClosed() {
        join.decision(KEY, decision("d", null, T, 1)).time(T + WINDOW);
        tell("f1", "click", 1, T + 2 * WINDOW, 0);
        tell("f2", "seen", 1, T + 2 * WINDOW, 0);
        tell("f3", "rating", 2, T + 3 * WINDOW, 0);
        assertThat(join.outcomes)
                .extracting(Outcome::getReplaced)
                .containsExactly(null, new ReplacedLabel(0.0, T + WINDOW), null, new ReplacedLabel(1.0, T + WINDOW));
    }

    @Test
    void ofALabelInStateOfBeforeNobodyKnowsWhenItClosed() {
        join.decision(KEY, decision("d", null, T, 1)).time(T + WINDOW);
        JoinState state = JoinStates.codec().decode(join.state(KEY));
        state.getDecisions().get(0).getSlots().get(0).setClosedMicros(null);
        join.restore(KEY, JoinStates.codec().encode(state));
        tell("f1", "click", 1, T + 2 * WINDOW, 0);
        assertThat(join.count(JoinCount.CORRECTED)).isOne();
        assertThat(join.outcomes).extracting(Outcome::getReplaced).containsExactly(null, null);
    }

    @Test
    void whatCountedUnderTheRuleBeforeGoesOnCounting() {
        join.decision(KEY, decision("d", null, T, 1));
        tell("f1", "click", 1, T + SECOND, 0);
        join.time(T + WINDOW);
        byte[] state = join.state(KEY);
        with(new LabelSpec(Map.of("rating", Take.LAST), Take.SUM, null, LabelTiming.WINDOW));
        join.restore(KEY, state).time(T + WINDOW);
        tell("f2", "dismiss", 1, T + 2 * WINDOW, 0);
        assertThat(join.examples).isEmpty();
        tell("f3", "rating", 4, T + 3 * WINDOW, 0);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(3.0);
        assertThat(join.examples.get(0).getReplacedReward()).isEqualTo(1);
    }

    @Test
    void slotsThatNobodySawAreNoNegatives() {
        with(new LabelSpec(Map.of(), Take.SUM, "seen", LabelTiming.WINDOW));
        join.decision(KEY, decision("d", null, T, 4));
        tell("f1", "seen", 1, T + SECOND, 0);
        tell("f2", "click", 1, T + SECOND, 1);
        join.time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getSlot).containsExactly(0, 1);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(0.0, 1.0);
        assertThat(join.count(JoinCount.UNEXPOSED)).isEqualTo(2);
        assertThat(join.outcomes)
                .filteredOn(outcome -> outcome.getKind().equals("window"))
                .extracting(Outcome::getSlot)
                .containsExactly(0, 1);
    }

    @Test
    void aSlotThatIsSeenAfterItsWindowIsLabelledThen() {
        with(new LabelSpec(Map.of(), Take.SUM, "seen", LabelTiming.WINDOW));
        join.decision(KEY, decision("d", null, T, 2)).time(T + WINDOW);
        assertThat(join.examples).isEmpty();
        tell("f1", "seen", 1, T + 2 * WINDOW, 0);
        tell("f2", "click", 1, T + 3 * WINDOW, 0);
        tell("f3", "click", 1, T + 4 * WINDOW, 1);
        assertThat(join.examples)
                .extracting(Example::getKind)
                .containsExactly(ExampleKind.ORIGINAL, ExampleKind.CORRECTION, ExampleKind.ORIGINAL);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(0.0, 1.0, 1.0);
        assertThat(join.examples)
                .extracting(Example::getLabelDelayMicros)
                .containsExactly(2 * WINDOW, 3 * WINDOW, 4 * WINDOW);
        assertThat(join.outcomes).extracting(Outcome::getClosed).containsExactly(true, false, true);
    }

    @Test
    void exposureThatNamesNoSlotIsThatOfTheSlate() {
        with(new LabelSpec(Map.of(), Take.SUM, "seen", LabelTiming.WINDOW));
        join.decision(KEY, decision("d", null, T, 3));
        tell("f1", "seen", 1, T + SECOND, null);
        tell("f2", "click", 1, T + SECOND, null);
        join.time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getSlot).containsExactly(0, 1, 2);
        assertThat(join.outcomes).extracting(Outcome::getId).startsWith("f1", "f1/1", "f1/2");
        assertThat(join.count(JoinCount.AMBIGUOUS)).isOne();
    }

    @Test
    void immediateLabelsPositivesAtOnceAndCorrectsThem() {
        with(new LabelSpec(Map.of(), Take.SUM, null, LabelTiming.IMMEDIATE));
        join.decision(KEY, decision("d", null, T, 2));
        tell("f1", "seen", 1, T + SECOND, 0);
        tell("f2", "click", 1, T + 2 * SECOND, 0);
        tell("f3", "rating", 2, T + 3 * SECOND, 0);
        join.time(T + WINDOW);
        assertThat(join.examples)
                .extracting(Example::getKind)
                .containsExactly(ExampleKind.ORIGINAL, ExampleKind.CORRECTION, ExampleKind.ORIGINAL);
        assertThat(join.examples).extracting(Example::getReward).containsExactly(1.0, 2.0, 0.0);
        assertThat(join.examples)
                .extracting(Example::getLabelDelayMicros)
                .containsExactly(2 * SECOND, 3 * SECOND, WINDOW);
    }

    @Test
    void oneKeyTakesNoMoreFeedbackThanItsBound() {
        join.decision(KEY, decision("d", null, T, 1));
        for (int i = 0; i < DecisionJoin.MOST_FEEDBACK + 2; i++) {
            tell("f" + i, "click", 1, T + SECOND, 0);
        }
        tell("f0", "click", 1, T + SECOND, 0);
        assertThat(join.count(JoinCount.EXCESSIVE)).isEqualTo(2);
        assertThat(join.count(JoinCount.REPEATED)).isOne();
        assertThat(join.reasons)
                .contains("feedback f4000: more than 4000 about decision d (expected: at most so many)");
        join.time(T + WINDOW);
        assertThat(join.examples).extracting(Example::getReward).containsExactly((double) DecisionJoin.MOST_FEEDBACK);
    }
}
