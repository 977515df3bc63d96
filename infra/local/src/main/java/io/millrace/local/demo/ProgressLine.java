package io.millrace.local.demo;

import io.millrace.serving.policy.Arm;

/**
 * How a running demo stands, in one line of at most 110 columns.
 *
 * @param decisions made so far
 * @param total how many it will be
 * @param learned mean reward per shown item so far, as the others; NaN where there is none yet
 * @param logLoss progressive, NaN if not yet known
 * @param version of the model that serves; negative if there is none yet
 * @param freshnessMs median so far, NaN if not yet known
 */
public record ProgressLine(
        long decisions,
        long total,
        double learned,
        double control,
        double popularity,
        double logLoss,
        long version,
        double freshnessMs) {

    public static ProgressLine of(Statistics statistics, long total, double logLoss, long version, double freshnessMs) {
        return new ProgressLine(
                statistics.decisions(),
                total,
                statistics.arm(Arm.LEARNED).reward().value(),
                statistics.arm(Arm.CONTROL).reward().value(),
                statistics.arm(Arm.POPULARITY).reward().value(),
                logLoss,
                version,
                freshnessMs);
    }

    @Override
    public String toString() {
        String of = Text.whole(total);
        return Text.right(Text.whole(decisions), of.length())
                + "/"
                + of
                + "  learned "
                + Text.number(learned, 3)
                + "  popularity "
                + Text.number(popularity, 3)
                + "  control "
                + Text.number(control, 3)
                + "  log-loss "
                + Text.number(logLoss, 4)
                + "  model "
                + (version < 0 ? "–" : Text.whole(version))
                + "  fresh "
                + Text.millis(freshnessMs);
    }
}
