package io.millrace.bench.pipeline;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of one entrant.
 *
 * @param laps of each round, at least one
 */
public record Laps(String way, String setting, String timed, List<Lap> laps) {
    public Laps {
        laps = List.copyOf(laps);
    }

    /** The median over all rounds of one figure. */
    double median(ToDoubleFunction<Lap> figure) {
        double[] sorted = laps.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The digest that all rounds came to; empty where the learner has none. */
    String digest() {
        return laps.get(0).digest();
    }

    /** Speed as a multiple of another's median. */
    double ratio(ToDoubleFunction<Lap> figure, Laps other) {
        return median(figure) / other.median(Lap::rate);
    }
}
