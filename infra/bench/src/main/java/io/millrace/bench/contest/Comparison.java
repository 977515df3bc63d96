package io.millrace.bench.contest;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Results beside those of one maker: its first setting, which is its default, and its best, which has the lowest
 * log-loss. Nothing to compare with where that maker did not take part.
 */
public record Comparison(Optional<Result> standard, Optional<Result> best) {
    public static Comparison with(String maker, List<Result> results) {
        List<Result> theirs =
                results.stream().filter(result -> result.maker().equals(maker)).toList();
        return new Comparison(
                theirs.stream().findFirst(),
                theirs.stream()
                        .min(Comparator.comparingDouble(result -> result.score().logLoss())));
    }

    /** Speed as a multiple of another's; NaN where there is none. */
    static double speedRatio(Result result, Optional<Result> other) {
        return other.map(them -> result.examplesPerSecond() / them.examplesPerSecond())
                .orElse(Double.NaN);
    }

    /** Log-loss as a multiple of another's, below 1 is better; NaN where there is none. */
    static double lossRatio(Result result, Optional<Result> other) {
        return other.map(them -> result.score().logLoss() / them.score().logLoss())
                .orElse(Double.NaN);
    }
}
