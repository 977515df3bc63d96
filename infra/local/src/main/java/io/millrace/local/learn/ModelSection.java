package io.millrace.local.learn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** A spec's section {@code model}, as text: every scalar stays as it was written. */
final class ModelSection {
    private static final LoadSettings LOAD =
            LoadSettings.builder().setSchema(new FailsafeSchema()).build();
    private static final DumpSettings DUMP =
            DumpSettings.builder().setSchema(new FailsafeSchema()).build();

    private ModelSection() {}

    /**
     * Sets what is given and leaves all else as it is.
     *
     * @param yaml of a valid spec
     * @param settings {@code ids.table} is what is nested
     */
    static String with(String yaml, Map<String, String> settings) {
        Map<Object, Object> root = mapping(new Load(LOAD).loadFromString(yaml));
        Map<Object, Object> model = mapping(root.get("model"));
        settings.forEach((path, value) -> {
            Map<Object, Object> section = model;
            String key = path;
            for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.')) {
                Map<Object, Object> inner = mapping(section.get(key.substring(0, dot)));
                section.put(key.substring(0, dot), inner);
                section = inner;
                key = key.substring(dot + 1);
            }
            section.put(key, value);
        });
        root.put("model", model);
        return new Dump(DUMP).dumpToString(root);
    }

    /** A copy; of what is no mapping an empty one. */
    private static Map<Object, Object> mapping(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : new LinkedHashMap<>();
    }
}
