package io.millrace.features.change;

import io.millrace.features.spec.AggregateSpec;
import java.util.List;

/** What is computed from the stream, where the name stays. */
final class AggregateChanges {
    private static final String OTHER =
            "values that are logged under this name are of the old definition, and nobody can tell"
                    + " them apart: give the new one a name of its own, beside the old or in its place";

    private AggregateChanges() {}

    static void find(List<AggregateSpec> before, List<AggregateSpec> after, Changes changes) {
        for (AggregateSpec was : before) {
            after.stream()
                    .filter(is -> is.name().equals(was.name()))
                    .forEach(is -> changes.compare(
                            "features." + was.name(),
                            was.meaning(),
                            is.meaning(),
                            meaning -> meaning,
                            Effect.IMPOSSIBLE,
                            OTHER));
        }
    }
}
