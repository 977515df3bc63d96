package io.millrace.local.learn;

import java.util.function.Consumer;

/** Tells once a second how a run stands. Not thread-safe. */
final class RunningLine {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final String loss;
    private final Consumer<String> tell;
    private long toldNanos;
    private long toldExamples;

    /** @param loss what the loss is called */
    RunningLine(String loss, long nowNanos, Consumer<String> tell) {
        this.loss = loss;
        this.tell = tell;
        this.toldNanos = nowNanos;
    }

    void at(long nowNanos, Tally tally) {
        long passed = nowNanos - toldNanos;
        if (passed < EVERY_NANOS) {
            return;
        }
        long examples = tally.progress().examples();
        tell.accept(String.format(
                "%12s examples  %s %s, of late %s  %s/s",
                LearnSummary.whole(examples),
                loss,
                LearnSummary.number(tally.progress().meanLoss(), 5),
                LearnSummary.number(tally.window().meanLoss(), 5),
                LearnSummary.whole(Math.round((examples - toldExamples) * 1e9 / passed))));
        tally.window().clear();
        toldNanos = nowNanos;
        toldExamples = examples;
    }
}
