package io.millrace.bench.pipeline;

import io.millrace.bench.contest.Contender;

/** Somebody's learner that has the examples in memory, in a form of its own. */
final class InMemory implements Entrant {
    private final Contender contender;
    private final int examples;

    InMemory(Contender contender, int examples) {
        this.contender = contender;
        this.examples = examples;
    }

    @Override
    public String way() {
        return contender.maker() + ", from memory";
    }

    @Override
    public String setting() {
        return contender.setting();
    }

    @Override
    public String timed() {
        return contender.timed();
    }

    @Override
    public Lap run() {
        double[] predictions = new double[examples];
        try (Contender.Learning learning = contender.start()) {
            System.gc();
            double processorBegin = ProcessorTime.seconds();
            long begin = System.nanoTime();
            learning.learn(predictions);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return Lap.straight(examples, seconds, ProcessorTime.seconds() - processorBegin, "");
        }
    }
}
