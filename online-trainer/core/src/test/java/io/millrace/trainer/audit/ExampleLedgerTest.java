package io.millrace.trainer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.wire.ExampleView;
import org.junit.jupiter.api.Test;

class ExampleLedgerTest {
    private final TestingLog log = new TestingLog("{learner: ftrl, bits: 8}", 1, 1);
    private final ExampleLedger ledger = new ExampleLedger(true);

    @Test
    void slotsOfOneDecisionAndCorrectionsOfTheirLabelsAreRight() {
        add(original("a", 0, 1), 0);
        add(original("a", 1, 0), 1);
        add(original("b", 0, 0), 2);
        add(correction("a", 1, 0, 2), 3);
        add(correction("a", 1, 2, 3), 4);
        assertThat(ledger.isEqual()).isTrue();
        assertThat(ledger.originals()).isEqualTo(3);
        assertThat(ledger.corrections()).isEqualTo(2);
        assertThat(ledger.first()).isEmpty();
    }

    @Test
    void anExampleTwiceIsFound() {
        add(original("a", 0, 1), 0);
        add(original("a", 0, 1), 7);
        assertThat(ledger.repeated()).isEqualTo(1);
        assertThat(ledger.first().orElseThrow())
                .extracting(Difference::kind, Difference::offset)
                .containsExactly(Kind.REPEATED_EXAMPLE, 7L);
        assertThat(ledger.first().orElseThrow().text()).contains("slot 0 of decision a", "offset 7 of examples-0");
    }

    @Test
    void aCorrectionOfNothingOrOfAnotherLabelIsFound() {
        add(correction("a", 0, 0, 1), 3);
        assertThat(ledger.first().orElseThrow())
                .extracting(Difference::kind, Difference::offset)
                .containsExactly(Kind.BASELESS_CORRECTION, 3L);
        add(original("b", 0, 1), 4);
        add(correction("b", 0, 0, 2), 5);
        assertThat(ledger.baseless()).isEqualTo(2);
        assertThat(ledger.isEqual()).isFalse();
    }

    @Test
    void aCorrectionMayBeOfWhatWasDeletedWhereTheLogHasLostItsBeginning() {
        ExampleLedger later = new ExampleLedger(false);
        add(later, correction("a", 0, 0, 1), 3);
        add(later, correction("a", 0, 1, 2), 4);
        add(later, original("b", 0, 1), 5);
        assertThat(later.isEqual()).isTrue();
        add(later, correction("a", 0, 0, 2), 6);
        add(later, original("b", 0, 1), 7);
        assertThat(later.baseless()).isEqualTo(1);
        assertThat(later.repeated()).isEqualTo(1);
    }

    private void add(Example example, long offset) {
        add(ledger, example, offset);
    }

    private static void add(ExampleLedger ledger, Example example, long offset) {
        ExampleView view = new ExampleView();
        view.show(example);
        ledger.add(view, TestingLog.NAME, offset);
    }

    private Example original(String decision, int slot, double reward) {
        Example example = log.at(0);
        example.setDecisionId(decision);
        example.setSlot(slot);
        example.setKind(ExampleKind.ORIGINAL);
        example.setReplacedReward(null);
        example.setReward(reward);
        return example;
    }

    private Example correction(String decision, int slot, double replaced, double reward) {
        Example example = original(decision, slot, reward);
        example.setKind(ExampleKind.CORRECTION);
        example.setReplacedReward(replaced);
        return example;
    }
}
