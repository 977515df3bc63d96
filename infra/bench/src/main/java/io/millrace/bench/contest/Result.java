package io.millrace.bench.contest;

import java.util.List;

/**
 * What came of one contender.
 *
 * @param examples how many it learned in each round
 * @param seconds its time in each round
 */
public record Result(String maker, String setting, String timed, Score score, int examples, List<Double> seconds) {
    public Result {
        seconds = List.copyOf(seconds);
    }

    /** Examples a second, by the median of the times. */
    public double examplesPerSecond() {
        return examples / median();
    }

    private double median() {
        double[] sorted =
                seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
