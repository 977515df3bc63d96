package io.millrace.bench.scale;

import io.millrace.bench.contest.Clock;
import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.Contest;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.data.Synthetic;
import io.millrace.bench.own.MillraceContenders;
import io.millrace.bench.vw.VwContenders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures the learners at each of some points, in turn as in any {@link Contest}. Each point has as many examples as make
 * a given number of feature values, drawn anew for each number of features: so that all points take about as long.
 */
public final class Scaling {
    private static final long SEED = 1;
    private static final double CLIP = 1e-15;
    private static final int FEWEST_EXAMPLES = 100;
    private static final List<String> SETTINGS = List.of("learner: ftrl", "learner: auto");

    private final long values;
    private final int rounds;
    private final boolean withVw;
    private final Clock clock;
    private final Consumer<String> progress;

    /**
     * @param values feature values that each learner sees at each point
     * @param withVw whether Vowpal Wabbit takes part
     * @param progress told of each time, in one line
     */
    public Scaling(long values, int rounds, boolean withVw, Clock clock, Consumer<String> progress) {
        this.values = values;
        this.rounds = rounds;
        this.withVw = withVw;
        this.clock = clock;
        this.progress = progress;
    }

    /** What came out at each point, in the order of the points. */
    public List<Measured> run(List<Point> points) {
        Map<Integer, List<Point>> byFeatures = new LinkedHashMap<>();
        points.forEach(point -> byFeatures
                .computeIfAbsent(point.features(), any -> new ArrayList<>())
                .add(point));
        Map<Point, Measured> measured = new LinkedHashMap<>();
        byFeatures.forEach((features, group) -> measure(features, group, measured));
        return points.stream().map(measured::get).toList();
    }

    private void measure(int features, List<Point> group, Map<Point, Measured> into) {
        DataSet data = Synthetic.of((int) Math.max(FEWEST_EXAMPLES, values / features), features, SEED);
        List<Integer> bits = group.stream().map(Point::bits).toList();
        List<Contender> theirs = withVw ? VwContenders.ofBits(data, bits) : List.of();
        List<List<Contender>> ours = MillraceContenders.of(data, SETTINGS, bits);
        for (int i = 0; i < group.size(); i++) {
            Point point = group.get(i);
            List<Contender> contenders = Stream.concat(theirs.stream().skip(i).limit(1), ours.get(i).stream())
                    .toList();
            Contest contest = new Contest(
                    data.labels(),
                    rounds,
                    CLIP,
                    clock,
                    line -> progress.accept(point.bits() + " bits, " + features + " features, " + line));
            into.put(point, new Measured(point, data.size(), contest.run(contenders)));
        }
    }
}
