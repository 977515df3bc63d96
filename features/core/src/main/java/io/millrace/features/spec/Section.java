package io.millrace.features.spec;

import io.millrace.wire.Problem;
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

/** One mapping of a spec, read key by key; whatever nobody asked for by the end is reported. Not thread-safe. */
final class Section {
    private final String path;
    private final @Nullable Node node;
    private final Map<String, Node> entries = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final List<SpecProblem> problems;

    /** @param node absent where the section is: then every setting has its default */
    Section(String path, @Nullable Node node, List<SpecProblem> problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    report(tuple.getKeyNode(), new Problem(path, "a key that is no name", "a name"));
                } else if (entries.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                    report(key, new Problem(at(key.getValue()), "given twice", "once"));
                } else {
                    keys.put(key.getValue(), key);
                }
            }
        } else if (node != null) {
            report(node, new Problem(path, show(node), "a mapping of settings"));
        }
    }

    boolean isPresent() {
        return node != null;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** The names of all entries, in the order of the file. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    Section section(String key) {
        known.add(key);
        return new Section(at(key), entries.get(key), problems);
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
                report(node, Problem.missing(setting.path(), setting.kind().expected()));
                return placeholder;
            }
            return setting.defaultValue();
        }
        return scalar(given.get(), setting.path(), setting.kind()).orElse(placeholder);
    }

    <T> T value(Setting<T> setting) {
        return value(setting, setting.defaultValue());
    }

    <T> Optional<T> scalar(Node given, String name, Kind<T> kind) {
        Optional<T> value =
                given instanceof ScalarNode scalar ? kind.parse().apply(scalar.getValue()) : Optional.empty();
        if (value.isEmpty()) {
            report(given, new Problem(name, show(given), kind.expected()));
        }
        return value;
    }

    /** A list of names, without those that are wrong. */
    List<String> names(Node given, String name) {
        if (!(given instanceof SequenceNode sequence)) {
            report(given, new Problem(name, show(given), "a list of names"));
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            scalar(element, name, Kind.name()).ifPresent(names::add);
        }
        return names;
    }

    /** Reports every entry that was not asked for, with the nearest name that would have been right. */
    void reportUnknown() {
        for (Map.Entry<String, Node> entry : keys.entrySet()) {
            if (!known.contains(entry.getKey())) {
                report(entry.getValue(), new Problem(at(entry.getKey()), "unknown", expectedInstead(entry.getKey())));
            }
        }
    }

    void report(@Nullable Node where, Problem problem) {
        Optional<Mark> mark = where == null ? Optional.empty() : where.getStartMark();
        problems.add(new SpecProblem(
                mark.map(Mark::getLine).orElse(0) + 1, mark.map(Mark::getColumn).orElse(0) + 1, problem));
    }

    /** The node to point at for a problem with a key: the key's value, or else this section. */
    @Nullable
    Node where(String key) {
        Node entry = entries.get(key);
        return entry == null ? node : entry;
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String expectedInstead(String given) {
        return known.stream()
                .filter(name -> Names.distance(name, given) <= Math.max(1, given.length() / 3))
                .min((a, b) -> Integer.compare(Names.distance(a, given), Names.distance(b, given)))
                .map(name -> name + "?")
                .orElse("one of " + String.join(", ", known));
    }

    static String show(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue().isEmpty() ? "empty" : scalar.getValue();
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }
}
