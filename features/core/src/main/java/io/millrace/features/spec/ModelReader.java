package io.millrace.features.spec;

import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the section {@code model}. */
final class ModelReader {
    private ModelReader() {}

    static ModelSpec read(Section section, DecisionSpec decision, boolean declarationsKnown) {
        LearnerKind learner = section.value(Settings.LEARNER);
        Map<String, Double> settings = new TreeMap<>();
        for (Setting<Double> setting : Settings.LEARNERS.get(learner)) {
            settings.put(setting.key(), section.value(setting));
        }
        ModelSpec model = new ModelSpec(
                learner,
                section.value(Settings.LOSS),
                section.value(Settings.BITS).intValue(),
                section.value(Settings.SEED),
                offset(section, decision, declarationsKnown),
                ids(section.section("ids")),
                drift(section, learner),
                settings);
        reportSettingsOfOthers(section, learner);
        section.reportUnknown();
        return model;
    }

    /** A setting that the learner does not have, but another one does. */
    private static void reportSettingsOfOthers(Section section, LearnerKind learner) {
        List<String> own =
                Settings.LEARNERS.get(learner).stream().map(Setting::key).toList();
        for (LearnerKind other : LearnerKind.values()) {
            for (Setting<Double> setting : Settings.LEARNERS.get(other)) {
                if (section.has(setting.key()) && !own.contains(setting.key()) && !section.isKnown(setting.key())) {
                    section.node(setting.key());
                    section.report(
                            section.key(setting.key()),
                            new Problem(
                                    setting.path(),
                                    "a setting of " + other.text(),
                                    own.isEmpty()
                                            ? "none: " + learner.text() + " has no settings"
                                            : "one of those of " + learner.text() + ": " + String.join(", ", own)));
                }
            }
        }
    }

    private static @Nullable String offset(Section section, DecisionSpec decision, boolean declarationsKnown) {
        Optional<Node> given = section.node(Settings.OFFSET.key());
        if (given.isEmpty()) {
            return null;
        }
        String name =
                section.scalar(given.get(), Settings.OFFSET.path(), Kind.name()).orElse(null);
        TreeSet<String> numeric = BinsReader.numeric(decision);
        if (name != null && declarationsKnown && !numeric.contains(name)) {
            section.report(
                    given.get(),
                    new Problem(
                            Settings.OFFSET.path(),
                            name,
                            numeric.isEmpty()
                                    ? "a declared numeric feature; there are none"
                                    : "a declared numeric feature: " + Suggestion.expected(name, numeric)));
        }
        return name;
    }

    private static Drift drift(Section section, LearnerKind learner) {
        Drift drift = section.value(Settings.DRIFT);
        if (learner == LearnerKind.AUTO || drift == Drift.IGNORE) {
            return drift;
        }
        if (section.has(Settings.DRIFT.key()) && section.isSound(Settings.DRIFT) && section.isSound(Settings.LEARNER)) {
            section.report(
                    section.where(Settings.DRIFT.key()),
                    new Problem(Settings.DRIFT.path(), drift.text(), "ignore, where model.learner is not auto"));
        }
        return Drift.IGNORE;
    }

    private static IdSpec ids(Section section) {
        boolean exact = section.value(Settings.IDS_TABLE).equals(Settings.EXACT);
        IdSpec ids = new IdSpec(
                exact,
                section.value(Settings.IDS_ADMIT).intValue(),
                section.value(Settings.IDS_FORGET),
                section.value(Settings.IDS_ROWS).intValue());
        for (Setting<?> setting : Settings.OF_EXACT_IDS) {
            if (!exact && section.has(setting.key()) && section.isSound(Settings.IDS_TABLE)) {
                section.report(
                        section.key(setting.key()),
                        new Problem(setting.path(), "given", "only where model.ids.table is exact"));
            }
        }
        section.reportUnknown();
        return exact ? ids : IdSpec.HASHED;
    }
}
