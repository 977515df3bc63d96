package io.millrace.features.change;

import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.EventSpec;
import io.millrace.features.spec.Units;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is computed from the stream, where the name stays. */
final class AggregateChanges {
    private static final String OTHER =
            "values that are logged under this name are of the old definition, and nobody can tell"
                    + " them apart: give the new one a name of its own, beside the old or in its place";

    private AggregateChanges() {}

    /** Kinds of events: what can be counted, not what is. */
    static void events(Map<String, EventSpec> before, Map<String, EventSpec> after, Changes changes) {
        Set<String> kinds = new TreeSet<>(before.keySet());
        kinds.addAll(after.keySet());
        for (String kind : kinds) {
            changes.compare(
                    "events." + kind,
                    before.get(kind),
                    after.get(kind),
                    AggregateChanges::fields,
                    Effect.HARMLESS,
                    "what features are computed from, they say themselves");
        }
    }

    private static String fields(EventSpec event) {
        Map<String, String> kinds = new LinkedHashMap<>();
        event.values().forEach((name, kind) -> kinds.put(name, kind.text()));
        return "entities " + event.entities() + " values " + kinds + " oldest " + Units.show(event.oldest());
    }

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
