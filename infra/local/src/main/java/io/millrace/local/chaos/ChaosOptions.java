package io.millrace.local.chaos;

import io.millrace.local.cluster.Sabotage;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is to be like.
 *
 * @param directory of the cluster, which is made
 * @param kills how many processes are killed
 * @param span in which faults begin; {@link #CALM} comes before
 * @param rate decisions a second, each with one piece of feedback
 */
public record ChaosOptions(
        Path directory,
        int kills,
        long seed,
        Duration span,
        double rate,
        int brokers,
        int taskManagers,
        Sabotage sabotage) {
    /** How long the cluster is watched without a fault, for comparison. */
    static final Duration CALM = Duration.ofSeconds(45);
    /** How long it runs before anything is measured. */
    static final Duration WARM_UP = Duration.ofSeconds(20);
}
