package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads {@code bins}. */
final class BinsReader {
    private BinsReader() {}

    static Map<String, Bins> read(Section section, DecisionSpec decision, boolean declarationsKnown) {
        TreeSet<String> numeric = numeric(decision);
        Map<String, Bins> bins = new LinkedHashMap<>();
        for (String name : section.names()) {
            if (declarationsKnown && !numeric.contains(name)) {
                section.report(
                        section.key(name),
                        new Problem(
                                section.at(name),
                                "no numeric feature",
                                numeric.isEmpty()
                                        ? "a declared numeric feature; there are none"
                                        : "a declared numeric feature: " + Suggestion.expected(name, numeric)));
            }
            section.node(name)
                    .flatMap(node -> section.scalar(node, section.at(name), Kind.bins()))
                    .ifPresent(how -> bins.put(name, how));
        }
        return bins;
    }

    static TreeSet<String> numeric(DecisionSpec decision) {
        return new TreeSet<>(Stream.concat(decision.shared().stream(), decision.candidate().stream())
                .filter(feature -> feature.kind() == FeatureKind.NUMERIC)
                .map(Feature::name)
                .toList());
    }
}
