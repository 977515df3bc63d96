package io.millrace.local.chaos;

import io.millrace.local.cluster.Sabotage;
import io.millrace.wire.Problem;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is to be like.
 *
 * @param directory of the cluster, which is made
 * @param kills how many processes are killed
 * @param span in which faults begin
 * @param rate decisions a second, each with one piece of feedback
 */
public record ChaosOptions(
        Path directory,
        int kills,
        long seed,
        Duration span,
        double rate,
        Phases phases,
        int brokers,
        int taskManagers,
        Sabotage sabotage) {
    /**
     * What comes before the first fault.
     *
     * @param warmUp before anything is measured
     * @param calm measured, for comparison
     */
    public record Phases(Duration warmUp, Duration calm) {
        /** Long enough for ten processes to have compiled what they do, and for a 99th percentile that means something. */
        public static final Phases USUAL = new Phases(Duration.ofSeconds(40), Duration.ofSeconds(45));
    }

    private static final Duration SHORTEST = Duration.ofSeconds(30);

    /** @throws IllegalArgumentException that says what is wrong */
    public ChaosOptions {
        check(kills >= 1 && kills <= 1000, "--kills", kills, "1 to 1,000");
        check(span.compareTo(SHORTEST) >= 0, "--minutes", span.toMillis() / 60_000.0, "at least 0.5");
        check(rate > 0 && rate <= 10_000, "--rate", rate, "above 0, at most 10,000");
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(new Problem(name, value.toString(), expected).toString());
        }
    }
}
