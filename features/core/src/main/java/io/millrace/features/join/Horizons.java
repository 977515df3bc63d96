package io.millrace.features.join;

import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.WaitingFeedback;
import io.millrace.features.spec.FeedbackSpec;
import java.util.concurrent.TimeUnit;

/** How long things are waited for, in microseconds of event time; sums saturate, so that absurd times do no harm. */
record Horizons(long window, long late) {
    static Horizons of(FeedbackSpec spec) {
        return new Horizons(TimeUnit.MICROSECONDS.convert(spec.window()), TimeUnit.MICROSECONDS.convert(spec.late()));
    }

    /** When the labels of a decision close. */
    long close(PendingDecision decision) {
        return plus(decision.getTimeMicros(), window);
    }

    /** The last event time of feedback that is taken for a decision of that time. */
    long last(long decisionTimeMicros) {
        return plus(decisionTimeMicros, late);
    }

    /**
     * When feedback has waited long enough for its decision: its wait begins at its own time, or at the event time at which
     * it was read, if that is later. Feedback that is told late, or by a clock that was set back, waits as long as any other.
     */
    long deadline(WaitingFeedback feedback) {
        Long reached = feedback.getReachedMicros();
        return plus(reached == null ? feedback.getTimeMicros() : reached, window);
    }

    private static long plus(long time, long span) {
        long sum = time + span;
        return sum < time ? Long.MAX_VALUE : sum;
    }
}
