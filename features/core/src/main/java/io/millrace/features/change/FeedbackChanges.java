package io.millrace.features.change;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.FeedbackSpec.Match;
import io.millrace.features.spec.LabelTiming;
import io.millrace.features.spec.SampleSpec;
import io.millrace.features.spec.Take;
import io.millrace.features.spec.Units;
import java.util.Set;
import java.util.TreeSet;

/** What feedback means from now on. Labels that are logged already stay as they are. */
final class FeedbackChanges {
    private static final String LABELS = "labels that are logged already stay; later ones follow the new rule";

    private FeedbackChanges() {}

    static void find(FeedbackSpec before, FeedbackSpec after, Changes changes) {
        Set<String> kinds = new TreeSet<>(before.reward().keySet());
        kinds.addAll(after.reward().keySet());
        for (String kind : kinds) {
            changes.compare(
                    "feedback.reward." + kind,
                    before.reward().get(kind),
                    after.reward().get(kind),
                    Units::show,
                    Effect.CONTINUES,
                    LABELS);
        }
        changes.compare(
                "feedback.final",
                new TreeSet<>(before.finalKinds()),
                new TreeSet<>(after.finalKinds()),
                Object::toString,
                Effect.CONTINUES,
                LABELS);
        changes.compare("feedback.window", before.window(), after.window(), Units::show, Effect.CONTINUES, LABELS);
        changes.compare("feedback.late", before.late(), after.late(), Units::show, Effect.CONTINUES, LABELS);
        labels(before, after, kinds, changes);
        sample(before.sample(), after.sample(), changes);
        changes.compare("feedback.match", before.match(), after.match(), Match::text, Effect.CONTINUES, LABELS);
    }

    private static void labels(FeedbackSpec before, FeedbackSpec after, Set<String> kinds, Changes changes) {
        for (String kind : kinds) {
            changes.compare(
                    "feedback.reward." + kind + ".take",
                    before.labels().take(kind),
                    after.labels().take(kind),
                    Take::text,
                    Effect.CONTINUES,
                    LABELS);
        }
        changes.compare(
                "feedback.combine",
                before.labels().combine(),
                after.labels().combine(),
                Take::text,
                Effect.CONTINUES,
                LABELS);
        changes.compare(
                "feedback.exposure",
                before.labels().shown(),
                after.labels().shown(),
                String::toString,
                Effect.CONTINUES,
                LABELS);
        changes.compare(
                "feedback.labels",
                before.labels().timing(),
                after.labels().timing(),
                LabelTiming::text,
                Effect.CONTINUES,
                LABELS);
    }

    private static void sample(SampleSpec before, SampleSpec after, Changes changes) {
        changes.compare(
                "feedback.sample.negatives",
                before.negatives(),
                after.negatives(),
                String::valueOf,
                Effect.CONTINUES,
                "examples that are logged already keep their weights, later ones have those of the new rate");
        boolean isUsed = before.negatives() < 1 || after.negatives() < 1;
        changes.compare(
                "feedback.sample.seed",
                before.seed(),
                after.seed(),
                String::valueOf,
                isUsed ? Effect.CONTINUES : Effect.HARMLESS,
                isUsed ? "later labels are drawn anew" : "nothing is drawn");
    }
}
