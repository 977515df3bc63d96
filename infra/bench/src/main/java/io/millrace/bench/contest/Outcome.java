package io.millrace.bench.contest;

import java.util.List;

/**
 * One data set and what came of each contender on it.
 *
 * @param data its name
 * @param origin where it comes from
 */
public record Outcome(String data, String origin, int examples, double baseRate, List<Result> results) {
    public Outcome {
        results = List.copyOf(results);
    }
}
