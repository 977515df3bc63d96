package io.millrace.trainer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.audit.FeedbackLedger.Totals;
import org.junit.jupiter.api.Test;

class FeedbackLedgerTest {
    private final FeedbackLedger ledger = new FeedbackLedger();

    @Test
    void whatIsThereAsOftenAsItWasPostedIsRight() {
        ledger.acknowledge("once", 1);
        ledger.acknowledge("retried", 3);
        ledger.acknowledge("told", 1);
        ledger.acknowledge("told", 1);
        ledger.logged("once");
        ledger.logged("retried");
        ledger.logged("retried");
        ledger.logged("told");
        ledger.logged("told");
        ledger.logged("somebody else's");
        ledger.effective("once");
        ledger.effective("retried");
        assertThat(ledger.totals()).isEqualTo(new Totals(3, 0, 0, 0));
        assertThat(ledger.totals().isEqual()).isTrue();
    }

    @Test
    void whatIsLostRepeatedOrEffectiveTwiceIsCountedAndKnown() {
        ledger.acknowledge("lost", 1);
        ledger.acknowledge("repeated", 1);
        ledger.acknowledge("twice", 2);
        ledger.logged("repeated");
        ledger.logged("repeated");
        ledger.logged("twice");
        ledger.effective("twice");
        ledger.effective("twice");
        assertThat(ledger.totals()).isEqualTo(new Totals(3, 1, 1, 1));
        assertThat(ledger.totals().isEqual()).isFalse();
        assertThat(ledger.isLost("lost")).isTrue();
        assertThat(ledger.isLost("repeated")).isFalse();
        assertThat(ledger.isLost("unknown")).isFalse();
        assertThat(ledger.isDuplicated("repeated")).isTrue();
        assertThat(ledger.isEffectTwice("twice")).isTrue();
    }

    @Test
    void countsStayWithinTheirBits() {
        ledger.acknowledge("often", Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            ledger.acknowledge("often", 1_000_000);
            ledger.logged("often");
        }
        assertThat(ledger.totals()).isEqualTo(new Totals(1, 0, 0, 0));
    }
}
