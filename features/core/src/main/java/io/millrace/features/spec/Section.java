package io.millrace.features.spec;

import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a spec, read key by key; whatever nobody asked for by the end is reported. What is wrong already is not
 * the cause of a second problem: a section that is no mapping misses nothing. Not thread-safe.
 */
final class Section {
    private final String path;
    private final @Nullable Node node;
    private final boolean malformed;
    private final Map<String, Node> entries = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final List<SpecProblem> problems;

    /** The whole spec. */
    Section(Node root, List<SpecProblem> problems) {
        this("", root, root, false, problems);
    }

    private Section(
            String path, @Nullable Node given, @Nullable Node place, boolean malformed, List<SpecProblem> problems) {
        this.path = path;
        this.node = place;
        this.malformed = malformed || given != null && !(given instanceof MappingNode);
        this.problems = problems;
        String name = path.isEmpty() ? "spec" : path;
        if (given instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    report(tuple.getKeyNode(), new Problem(name, show(tuple.getKeyNode()) + " as a key", "a name"));
                } else if (entries.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                    report(key, new Problem(at(key.getValue()), "given twice", "once"));
                } else {
                    keys.put(key.getValue(), key);
                }
            }
        } else if (given != null) {
            report(given, new Problem(name, show(given), "a mapping of settings"));
        }
    }

    /** Whether this is malformed, or the value of a key is there and no mapping. */
    boolean isNoMapping(String key) {
        Node given = entries.get(key);
        return malformed || given != null && !(given instanceof MappingNode);
    }

    /** Whether a key was asked for. */
    boolean isKnown(String key) {
        return known.contains(key);
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Whether a setting is absent or as it should be. */
    boolean isSound(Setting<?> setting) {
        Node given = entries.get(setting.key());
        return !malformed && (given == null || parse(given, setting.kind()).isPresent());
    }

    /** The names of all entries, in the order of the file. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** The section of a key; where it is absent, its problems are placed at this one. */
    Section section(String key) {
        known.add(key);
        return new Section(at(key), entries.get(key), where(key), malformed, problems);
    }

    /** The node of a key, which is thereby known. */
    Optional<Node> node(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key));
    }

    /** A setting's value; its default where it is absent or wrong, a placeholder where it has none. */
    <T> T value(Setting<T> setting, T placeholder) {
        Optional<Node> given = node(setting.key());
        if (given.isEmpty()) {
            if (setting.isRequired()) {
                reportMissing(at(setting.key()), setting.expected());
                return placeholder;
            }
            return setting.defaultValue();
        }
        return scalar(given.get(), at(setting.key()), setting.kind()).orElse(placeholder);
    }

    <T> T value(Setting<T> setting) {
        return value(setting, setting.defaultValue());
    }

    /** The value of a setting without a default; none where it is absent or wrong. */
    <T> Optional<T> given(Setting<T> setting) {
        return node(setting.key()).flatMap(given -> scalar(given, at(setting.key()), setting.kind()));
    }

    /** A value of the kind; what is not is reported. */
    <T> Optional<T> scalar(Node given, String name, Kind<T> kind) {
        Optional<T> value = parse(given, kind);
        if (value.isEmpty()) {
            report(given, new Problem(name, show(given), kind.expected()));
        }
        return value;
    }

    private static <T> Optional<T> parse(Node given, Kind<T> kind) {
        return given instanceof ScalarNode scalar ? kind.parse().apply(scalar.getValue()) : Optional.empty();
    }

    /** A list of names; none where one of them is wrong. */
    Optional<List<Named>> names(Node given, String name) {
        if (!(given instanceof SequenceNode sequence)) {
            report(given, new Problem(name, show(given), "a list of names"));
            return Optional.empty();
        }
        List<Named> names = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            scalar(element, name, Kind.name()).ifPresent(text -> names.add(new Named(element, text)));
        }
        return Optional.of(names)
                .filter(all -> all.size() == sequence.getValue().size());
    }

    /** A name and where it stands. */
    record Named(Node node, String text) {}

    /** Reports every entry that was not asked for, with the nearest name that would have been right. */
    void reportUnknown() {
        for (Map.Entry<String, Node> entry : keys.entrySet()) {
            if (!known.contains(entry.getKey())) {
                report(
                        entry.getValue(),
                        new Problem(at(entry.getKey()), "unknown", Suggestion.expected(entry.getKey(), known)));
            }
        }
    }

    /** Reports that something must be given, unless what it stands in is wrong as a whole. */
    void reportMissing(Entry entry) {
        reportMissing(entry.path(), entry.expected());
    }

    /** The same, of an entry whose path depends on names that the spec gives. */
    void reportMissing(String name, String expected) {
        if (!malformed) {
            report(node, Problem.missing(name, expected));
        }
    }

    /** The same of a key of this section, whose name is not that in the entry's path. */
    void reportMissingKey(Entry entry) {
        if (!malformed) {
            report(node, Problem.missing(at(entry.key()), entry.expected()));
        }
    }

    void report(@Nullable Node where, Problem problem) {
        Optional<Mark> mark = where == null ? Optional.empty() : where.getStartMark();
        problems.add(new SpecProblem(
                mark.map(Mark::getLine).orElse(0) + 1, mark.map(Mark::getColumn).orElse(0) + 1, problem));
    }

    /** The node to point at for a problem with a key's value: the value, or else this section. */
    @Nullable
    Node where(String key) {
        Node entry = entries.get(key);
        return entry == null ? node : entry;
    }

    /** The node to point at for a problem with a key itself. */
    @Nullable
    Node key(String key) {
        return keys.get(key);
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    static String show(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue().isEmpty() ? "empty" : scalar.getValue();
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }
}
