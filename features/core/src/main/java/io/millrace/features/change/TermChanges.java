package io.millrace.features.change;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.PipelineSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the model makes of features: crosses and bins. */
final class TermChanges {
    private static final String NEW_CROSS =
            "a new cross begins without weights; only if the log is learned again does it know what is logged already";
    private static final String CROSS_GONE =
            "what it explained is gone, and the other columns, which keep their weights, take it over only as they learn on";
    private static final String PARTS =
            "the order of a cross's parts is in its ids: in another order it has other rows";
    private static final String ORDER =
            "rows are found by ids; only sums are taken in another order, which may move last bits";
    private static final String BINS =
            "the model sees other ids and values of the same column than its weights were learned with";
    private static final String BINS_OF_NEW = "they come with a new column";
    private static final String BINS_OF_GONE = "they go with their column";

    private final PipelineSpec before;
    private final PipelineSpec after;
    private final Changes changes;

    private TermChanges(PipelineSpec before, PipelineSpec after, Changes changes) {
        this.before = before;
        this.after = after;
        this.changes = changes;
    }

    static void find(PipelineSpec before, PipelineSpec after, Changes changes) {
        TermChanges terms = new TermChanges(before, after, changes);
        terms.crosses();
        terms.bins();
    }

    private void crosses() {
        Map<Set<String>, Integer> now = places(after.crosses());
        Map<Set<String>, Integer> old = places(before.crosses());
        for (int i = 0; i < before.crosses().size(); i++) {
            List<String> cross = before.crosses().get(i);
            @Nullable Integer there = now.get(new HashSet<>(cross));
            if (there == null) {
                changes.add(path(i), cross.toString(), null, Effect.CONTINUES, CROSS_GONE);
            } else {
                changes.compare(path(there), cross, after.crosses().get(there), List::toString, Effect.RELEARNS, PARTS);
            }
        }
        for (int i = 0; i < after.crosses().size(); i++) {
            List<String> cross = after.crosses().get(i);
            if (!old.containsKey(new HashSet<>(cross))) {
                changes.add(path(i), null, cross.toString(), Effect.CONTINUES, NEW_CROSS);
            }
        }
        changes.compare(
                "crosses",
                before.crosses().stream().filter(after.crosses()::contains).toList(),
                after.crosses().stream().filter(before.crosses()::contains).toList(),
                List::toString,
                Effect.CONTINUES,
                ORDER);
    }

    private static Map<Set<String>, Integer> places(List<List<String>> crosses) {
        Map<Set<String>, Integer> places = new HashMap<>();
        for (int i = 0; i < crosses.size(); i++) {
            places.put(new HashSet<>(crosses.get(i)), i);
        }
        return places;
    }

    private static String path(int cross) {
        return "crosses[" + cross + "]";
    }

    private void bins() {
        Set<String> names = new TreeSet<>(before.bins().keySet());
        names.addAll(after.bins().keySet());
        for (String name : names) {
            boolean wasThere = before.featureSet().indexOf(name) >= 0;
            boolean isThere = after.featureSet().indexOf(name) >= 0;
            changes.compare(
                    "bins." + name,
                    before.bins().get(name),
                    after.bins().get(name),
                    Bins::text,
                    wasThere && isThere ? Effect.RELEARNS : Effect.CONTINUES,
                    !wasThere ? BINS_OF_NEW : !isThere ? BINS_OF_GONE : BINS);
        }
    }
}
