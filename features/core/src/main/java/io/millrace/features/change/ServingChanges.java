package io.millrace.features.change;

import io.millrace.features.spec.GuardSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.PolicySpec;
import io.millrace.features.spec.SnapshotSpec;
import io.millrace.features.spec.Units;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How decisions are made and when versions are shown: no part of what is learned. */
final class ServingChanges {
    private static final String POLICY = "it is how decisions are made; propensities are logged with each";
    private static final String LOG =
            "what is learned comes from what was shown; each decision says at which rate it logged the others";
    private static final String SNAPSHOT = "it is when versions are shown, not what is learned";

    private ServingChanges() {}

    static void slots(PipelineSpec before, PipelineSpec after, Changes changes) {
        changes.compare(
                "decision.slots",
                before.decision().slots(),
                after.decision().slots(),
                Object::toString,
                Effect.HARMLESS,
                POLICY);
    }

    static void log(PipelineSpec before, PipelineSpec after, Changes changes) {
        changes.compare(
                "decision.log",
                before.decision().unshownRate(),
                after.decision().unshownRate(),
                ServingChanges::logged,
                Effect.HARMLESS,
                LOG);
    }

    private static String logged(double unshownRate) {
        if (unshownRate == 0) {
            return "shown";
        }
        return unshownRate == 1 ? "all" : "sample(" + Units.show(unshownRate) + ")";
    }

    static void find(PipelineSpec before, PipelineSpec after, Changes changes) {
        policy(before.policy(), after.policy(), changes);
        snapshot(before.snapshot(), after.snapshot(), changes);
    }

    private static void policy(PolicySpec before, PolicySpec after, Changes changes) {
        changes.compare(
                "policy.explore", before.explore(), after.explore(), PolicySpec.Explore::text, Effect.HARMLESS, POLICY);
        number("policy.epsilon", before.epsilon(), after.epsilon(), POLICY, changes);
        number("policy.control", before.control(), after.control(), POLICY, changes);
        number("policy.popularity.share", before.popularity(), after.popularity(), POLICY, changes);
        changes.compare(
                "policy.popularity.by",
                before.popularityBy(),
                after.popularityBy(),
                name -> name,
                Effect.HARMLESS,
                POLICY);
    }

    private static void snapshot(SnapshotSpec before, SnapshotSpec after, Changes changes) {
        changes.compare("snapshot.every", before.every(), after.every(), Units::show, Effect.HARMLESS, SNAPSHOT);
        changes.compare("snapshot.base", before.base(), after.base(), Units::show, Effect.HARMLESS, SNAPSHOT);
        @Nullable GuardSpec was = before.guard();
        @Nullable GuardSpec is = after.guard();
        if (was != null && is != null) {
            changes.compare(
                    "snapshot.guard.margin",
                    was.margin(),
                    is.margin(),
                    ServingChanges::percent,
                    Effect.HARMLESS,
                    SNAPSHOT);
            number("snapshot.guard.window", was.window(), is.window(), SNAPSHOT, changes);
        } else if (was != is) {
            changes.add(
                    "snapshot.guard", was == null ? "off" : "on", is == null ? "off" : "on", Effect.HARMLESS, SNAPSHOT);
        }
    }

    private static String percent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    private static void number(String path, double before, double after, String reason, Changes changes) {
        changes.compare(path, before, after, Units::show, Effect.HARMLESS, reason);
    }
}
