package io.millrace.features.change;

import io.millrace.features.spec.SourceSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which topics of others become ours, and how: no part of what is learned. */
final class SourceChanges {
    private static final String REASON = "it is how later records come in; who reads them takes it at the next start";

    private SourceChanges() {}

    static void find(List<SourceSpec> before, List<SourceSpec> after, Changes changes) {
        Map<String, SourceSpec> was = byName(before);
        Map<String, SourceSpec> is = byName(after);
        Map<String, SourceSpec> all = new TreeMap<>(was);
        all.putAll(is);
        for (String name : all.keySet()) {
            changes.compare(
                    "sources." + name, was.get(name), is.get(name), SourceChanges::show, Effect.HARMLESS, REASON);
        }
    }

    private static Map<String, SourceSpec> byName(List<SourceSpec> sources) {
        return sources.stream().collect(Collectors.toMap(SourceSpec::name, Function.identity()));
    }

    /** In short; two that differ in a field look the same. */
    private static String show(SourceSpec source) {
        return source.place() + " as " + source.target().text();
    }
}
