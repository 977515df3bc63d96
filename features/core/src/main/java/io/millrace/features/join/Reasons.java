package io.millrace.features.join;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Why records become dead letters, for people. */
final class Reasons {
    private static final int SHOWN = 60;

    private final FeedbackSpec spec;

    Reasons(FeedbackSpec spec) {
        this.spec = spec;
    }

    static String unlogged(Feedback feedback) {
        return "feedback %s: decision %s was not logged (expected: a decision whose answer did not say \"logged\": false)"
                .formatted(shortened(feedback.getId()), feedback.getDecisionId());
    }

    static String excessive(Feedback feedback) {
        return "feedback %s: more than %d about decision %s (expected: at most so many)"
                .formatted(shortened(feedback.getId()), DecisionJoin.MOST_FEEDBACK, named(feedback));
    }

    String unknownDecision(Feedback feedback) {
        return "feedback %s: decision %s unknown (expected: a decision that arrives within %s, the window, and is at most %s old)"
                .formatted(shortened(feedback.getId()), named(feedback), spec.window(), spec.late());
    }

    String tooLate(Feedback feedback, long decisionTimeMicros) {
        return "feedback %s: time %s (expected: at most %s after its decision at %s)"
                .formatted(
                        shortened(feedback.getId()),
                        time(feedback.getTimeMicros()),
                        spec.late(),
                        time(decisionTimeMicros));
    }

    String tooLate(Decision decision, long watermarkMicros) {
        return "decision %s: time %s (expected: at most %s before the event time reached, %s)"
                .formatted(
                        shortened(decision.getId()),
                        time(decision.getTimeMicros()),
                        spec.late(),
                        time(watermarkMicros));
    }

    static String value(Feedback feedback) {
        return "feedback %s: value %s (expected: a finite number that keeps the reward finite)"
                .formatted(shortened(feedback.getId()), feedback.getValue());
    }

    static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    private static String named(Feedback feedback) {
        if (feedback.getDecisionId() != null) {
            return shortened(feedback.getDecisionId());
        }
        return feedback.getRequestId() == null ? "missing" : "of request " + shortened(feedback.getRequestId());
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
