package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the section {@code decision}. */
final class DecisionReader {
    private static final Kind<FeatureKind> FEATURE_KIND = Kind.oneOf(FeatureKind.values(), FeatureKind::text);

    private final Section section;
    private final Set<String> declared = new HashSet<>();

    DecisionReader(Section section) {
        this.section = section;
    }

    DecisionSpec read() {
        String subject = section.value(Settings.SUBJECT, "subject");
        if (section.has(Settings.SUBJECT.key())) {
            declared.add(subject);
        }
        List<Feature> context = features(section.section("context"));
        Section candidates = section.section("candidate");
        List<Feature> candidate = features(candidates);
        if (candidates.names().isEmpty()) {
            candidates.reportMissing(Settings.CANDIDATE);
        }
        if (candidate.stream()
                .anyMatch(f -> f.name().equals(DecisionSpec.ITEM) && f.kind() != FeatureKind.CATEGORICAL)) {
            candidates.report(
                    candidates.where(DecisionSpec.ITEM),
                    new Problem(
                            "decision.candidate.item",
                            Section.show(candidates.node(DecisionSpec.ITEM).orElseThrow()),
                            "categorical: it is the item's id"));
        }
        int slots = section.value(Settings.SLOTS).intValue();
        double unshownRate = section.value(Settings.LOG);
        section.reportUnknown();
        return new DecisionSpec(subject, context, candidate, slots, unshownRate);
    }

    /** The features of a section; one whose kind is wrong stays declared, so that its uses are not reported too. */
    private List<Feature> features(Section features) {
        List<Feature> read = new ArrayList<>();
        for (String name : features.names()) {
            if (Kind.name().parse().apply(name).isEmpty()) {
                features.report(
                        features.key(name),
                        new Problem(features.at(name), name, Kind.name().expected()));
                continue;
            }
            FeatureKind kind = features.scalar(features.node(name).orElseThrow(), features.at(name), FEATURE_KIND)
                    .orElse(FeatureKind.CATEGORICAL);
            if (declared.add(name)) {
                read.add(new Feature(name, kind));
            } else {
                features.report(
                        features.key(name), new Problem(features.at(name), "declared before", "a name of its own"));
            }
        }
        return read;
    }
}
