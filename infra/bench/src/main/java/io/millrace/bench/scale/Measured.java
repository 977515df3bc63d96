package io.millrace.bench.scale;

import io.millrace.bench.contest.Result;
import java.util.List;

/**
 * What came out at a point.
 *
 * @param results Vowpal Wabbit's first, where it takes part
 */
public record Measured(Point point, int examples, List<Result> results) {
    public Measured {
        results = List.copyOf(results);
    }
}
