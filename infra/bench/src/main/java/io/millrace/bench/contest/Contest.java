package io.millrace.bench.contest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lets contenders learn in turn, in one thread of one process, round after round: what disturbs the machine for a while
 * disturbs them all. The first round is measured like the others, and the median forgets who was still being compiled then.
 */
public final class Contest {
    private final boolean[] labels;
    private final int rounds;
    private final double clip;
    private final Clock clock;
    private final Consumer<String> progress;

    /**
     * @param labels of the examples that all contenders have
     * @param clip how close to 0 or 1 a prediction may be
     * @param progress told of each time, in one line
     */
    public Contest(boolean[] labels, int rounds, double clip, Clock clock, Consumer<String> progress) {
        this.labels = labels;
        this.rounds = rounds;
        this.clip = clip;
        this.clock = clock;
        this.progress = progress;
    }

    /** One result a contender, in their order. */
    public List<Result> run(List<Contender> contenders) {
        List<List<Time>> times = new ArrayList<>();
        List<Score> scores = new ArrayList<>();
        contenders.forEach(contender -> times.add(new ArrayList<>()));
        double[] predictions = new double[labels.length];
        for (int round = 0; round < rounds; round++) {
            for (int c = 0; c < contenders.size(); c++) {
                Contender contender = contenders.get(c);
                Time time = time(contender, predictions);
                Score score = Score.of(predictions, labels, clip);
                times.get(c).add(time);
                if (round == 0) {
                    scores.add(score);
                } else if (!score.equals(scores.get(c))) {
                    progress.accept(contender.maker() + " " + contender.setting() + ": " + score
                            + " (expected: the same as in the first round, " + scores.get(c) + ")");
                }
                progress.accept(line(round, contender, score, time));
            }
        }
        List<Result> results = new ArrayList<>();
        for (int c = 0; c < contenders.size(); c++) {
            Contender contender = contenders.get(c);
            results.add(new Result(
                    contender.maker(),
                    contender.setting(),
                    contender.timed(),
                    scores.get(c),
                    labels.length,
                    times.get(c)));
        }
        return results;
    }

    private Time time(Contender contender, double[] predictions) {
        try (Contender.Learning learning = contender.start()) {
            // Nobody is charged for the garbage of whoever was before.
            System.gc();
            long begin = clock.nanos();
            long processorBegin = clock.processorNanos();
            learning.learn(predictions);
            return new Time((clock.nanos() - begin) / 1e9, (clock.processorNanos() - processorBegin) / 1e9);
        }
    }

    private String line(int round, Contender contender, Score score, Time time) {
        return String.format(
                Locale.ROOT,
                "round %d of %d: %s %s: log-loss %.5f, %,.0f examples/s",
                round + 1,
                rounds,
                contender.maker(),
                contender.setting(),
                score.logLoss(),
                labels.length / time.seconds());
    }
}
