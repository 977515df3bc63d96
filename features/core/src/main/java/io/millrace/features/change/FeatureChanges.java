package io.millrace.features.change;

import io.millrace.features.encode.LearnedNumeric;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has become of features. An id is a hash of its feature's name and its value, and rows are found by ids: where a feature
 * stands does not matter to them. It matters to what is learned about numeric features' values, which lies in the order of the
 * features before all rows, and to a tower of dense layers, which sees all features side by side.
 */
final class FeatureChanges {
    private static final String KIND =
            "examples of the log hold it as another kind and cannot be translated: keep it, or give the new column a name of its own";
    private static final String SECTION =
            "one name would say something of the decision in some examples and of a candidate in others, which cannot be"
                    + " translated: keep it, or give the new column a name of its own";
    private static final String NEW = "a new column: what is learned already lacks it, and it begins without weights";
    private static final String GONE =
            "what it explained is gone, and the other columns, which keep their weights, take it over only as they learn on";
    private static final String SUBJECT =
            "the subject's ids are a column of that name: the old one's weights are not used any more, the new one's begin";
    private static final String ORDER =
            "rows are found by names; only sums are taken in another order, which may move last bits";
    private static final String MOVED =
            ", and what is learned about numeric columns' values is moved, with all rows behind it";
    private static final String TOWER =
            "the first dense layer sees all columns side by side: with others, or in another order, its weights are of no use";

    private final PipelineSpec before;
    private final PipelineSpec after;
    private final FeatureSet old;
    private final FeatureSet now;
    private final boolean isDeep;
    private final Changes changes;

    private FeatureChanges(PipelineSpec before, PipelineSpec after, Changes changes) {
        this.before = before;
        this.after = after;
        this.old = before.featureSet();
        this.now = after.featureSet();
        this.isDeep =
                before.model().learner() == LearnerKind.DEEP && after.model().learner() == LearnerKind.DEEP;
        this.changes = changes;
    }

    static void find(PipelineSpec before, PipelineSpec after, Changes changes) {
        new FeatureChanges(before, after, changes).find();
    }

    private void find() {
        changes.compare(
                "pipeline",
                before.pipeline(),
                after.pipeline(),
                name -> name,
                Effect.CONTINUES,
                "a model of another name: rows do not know it");
        subject();
        for (Feature feature : old.features()) {
            int there = now.indexOf(feature.name());
            if (there >= 0) {
                kept(feature, now.features().get(there));
            } else if (!isSubject(before, feature.name())) {
                gone(feature);
            }
        }
        for (Feature feature : now.features()) {
            if (old.indexOf(feature.name()) < 0 && !isSubject(after, feature.name())) {
                added(feature);
            }
        }
        order("decision.context", true);
        order("decision.candidate", false);
    }

    private void subject() {
        changes.compare(
                "decision.subject",
                before.decision().subject(),
                after.decision().subject(),
                name -> name,
                isDeep ? Effect.RELEARNS : Effect.CONTINUES,
                isDeep ? TOWER : SUBJECT);
    }

    private void kept(Feature was, Feature is) {
        boolean wasShared = isShared(old, was.name());
        boolean isShared = isShared(now, is.name());
        if (was.kind() != is.kind()) {
            changes.add(path(after, is.name()), was.kind().text(), is.kind().text(), Effect.IMPOSSIBLE, KIND);
        }
        if (wasShared != isShared) {
            changes.add(
                    path(after, is.name()),
                    "in " + section(wasShared),
                    "in " + section(isShared),
                    Effect.IMPOSSIBLE,
                    SECTION);
        }
    }

    private void gone(Feature feature) {
        changes.add(
                path(before, feature.name()),
                feature.kind().text(),
                null,
                effect(isLearned(before, feature.name())),
                reason(GONE, isLearned(before, feature.name())));
    }

    private void added(Feature feature) {
        changes.add(
                path(after, feature.name()),
                null,
                feature.kind().text(),
                effect(isLearned(after, feature.name())),
                reason(NEW, isLearned(after, feature.name())));
    }

    /** What both have, but for subjects, in another order. */
    private void order(String path, boolean shared) {
        List<String> was = common(old, now, shared).filter(this::isNoSubject).toList();
        List<String> is = common(now, old, shared).filter(this::isNoSubject).toList();
        if (new HashSet<>(was).equals(new HashSet<>(is)) && !was.equals(is)) {
            boolean moves = !learned(before, was).equals(learned(after, is));
            changes.add(path, String.join(", ", was), String.join(", ", is), effect(moves), reason(ORDER, moves));
        }
    }

    private Effect effect(boolean moves) {
        return isDeep ? Effect.RELEARNS : moves ? Effect.CONVERTS : Effect.CONTINUES;
    }

    private String reason(String reason, boolean moves) {
        return isDeep ? TOWER : moves ? reason + MOVED : reason;
    }

    private static Stream<String> common(FeatureSet of, FeatureSet other, boolean shared) {
        return of.features().stream()
                .map(Feature::name)
                .filter(name -> isShared(of, name) == shared)
                .filter(name -> other.indexOf(name) >= 0 && isShared(other, name) == shared);
    }

    private static boolean isLearned(PipelineSpec spec, String feature) {
        return !learned(spec, List.of(feature)).isEmpty();
    }

    /** Those of some numeric features about whose values something is learned. */
    private static List<String> learned(PipelineSpec spec, List<String> features) {
        FeatureSet set = spec.featureSet();
        Set<String> learned = LearnedNumeric.of(spec).stream()
                .map(numeric -> set.features().get(numeric.position()).name())
                .collect(Collectors.toSet());
        return features.stream().filter(learned::contains).toList();
    }

    private boolean isNoSubject(String feature) {
        return !isSubject(before, feature) && !isSubject(after, feature);
    }

    private static boolean isSubject(PipelineSpec spec, String feature) {
        return spec.decision().subject().equals(feature);
    }

    private static boolean isShared(FeatureSet set, String feature) {
        return set.indexOf(feature) < set.shared();
    }

    private static String section(boolean shared) {
        return shared ? "context" : "candidate";
    }

    /** Where a spec declares a feature. */
    private static String path(PipelineSpec spec, String feature) {
        if (spec.aggregates().stream().anyMatch(aggregate -> aggregate.name().equals(feature))) {
            return "features." + feature;
        }
        return isSubject(spec, feature)
                ? "decision.subject"
                : "decision." + section(isShared(spec.featureSet(), feature)) + "." + feature;
    }
}
