package io.millrace.bench.contest;

import java.util.List;

/**
 * What came of one contender.
 *
 * @param examples how many it learned in each round
 * @param times of each round
 */
public record Result(String maker, String setting, String timed, Score score, int examples, List<Time> times) {
    public Result {
        times = List.copyOf(times);
    }

    /** Examples a second of the median round. */
    public double examplesPerSecond() {
        return examples / Time.medianSeconds(times);
    }

    /** Examples a second of processor time, of the median round: what the speed had been on an idle machine, about. */
    public double examplesPerProcessorSecond() {
        return examples / Time.medianProcessorSeconds(times);
    }
}
