package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code crosses}. */
final class CrossesReader {
    private static final int LARGEST = 4;

    private final Section root;
    private final Set<String> declared;
    private final Set<Set<String>> before = new HashSet<>();
    private final boolean declarationsKnown;

    private CrossesReader(Section root, Section decisionSection, DecisionSpec decision) {
        this.root = root;
        this.declared = new TreeSet<>(Stream.concat(decision.shared().stream(), decision.candidate().stream())
                .map(Feature::name)
                .toList());
        this.declarationsKnown = declarationsKnown(decisionSection);
    }

    /** Whether the features could be read, so that something can be said about what is undeclared. */
    static boolean declarationsKnown(Section decisionSection) {
        return decisionSection.has(Settings.SUBJECT.key())
                && decisionSection.isSound(Settings.SUBJECT)
                && Stream.of("context", "candidate").noneMatch(decisionSection::isNoMapping);
    }

    static List<List<String>> read(Section root, Section decisionSection, DecisionSpec decision) {
        Optional<Node> given = root.node(Settings.CROSSES.key());
        if (given.isEmpty()) {
            return List.of();
        }
        if (!(given.get() instanceof SequenceNode sequence)) {
            root.report(
                    given.get(),
                    new Problem(Settings.CROSSES.path(), Section.show(given.get()), Settings.CROSSES.expected()));
            return List.of();
        }
        CrossesReader reader = new CrossesReader(root, decisionSection, decision);
        List<List<String>> crosses = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            reader.cross(sequence.getValue().get(i), "crosses[" + i + "]").ifPresent(crosses::add);
        }
        return crosses;
    }

    private Optional<List<String>> cross(Node element, String name) {
        Optional<List<Section.Named>> given = root.names(element, name);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        for (Section.Named feature : given.get()) {
            if (declarationsKnown && !declared.contains(feature.text())) {
                root.report(
                        feature.node(),
                        new Problem(
                                name,
                                feature.text(),
                                "a declared feature: " + Suggestion.expected(feature.text(), declared)));
            }
        }
        List<String> cross = given.get().stream().map(Section.Named::text).toList();
        Set<String> parts = new HashSet<>(cross);
        if (cross.size() < 2 || cross.size() > LARGEST || parts.size() < cross.size()) {
            root.report(element, new Problem(name, cross.toString(), "2 to " + LARGEST + " different features"));
        } else if (!before.add(parts)) {
            root.report(element, new Problem(name, cross.toString(), "a cross that is not there already"));
        }
        return Optional.of(cross);
    }
}
