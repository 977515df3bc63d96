package io.millrace.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The services that {@code compose.yaml} describes, as far as tests start them: merges and variables resolved. */
final class ComposeFile {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::\\?[^}]*)?}");

    private final Map<String, Object> root;
    private final Map<String, String> variables;

    /**
     * One of them.
     *
     * @param image empty if it is built
     * @param build folder of its Dockerfile, empty if it is not built
     */
    record Service(
            String name,
            String image,
            String build,
            List<String> command,
            Map<String, String> environment,
            List<String> volumes,
            List<String> ports) {}

    private ComposeFile(Map<String, Object> root, Map<String, String> variables) {
        this.root = root;
        this.variables = variables;
    }

    static ComposeFile read(Path file, Map<String, String> variables) throws IOException {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setLabel(file.toString())
                .build();
        return new ComposeFile(map(new Load(settings).loadFromString(Files.readString(file))), variables);
    }

    List<String> names() {
        return List.copyOf(map(root.get("services")).keySet());
    }

    Map<String, Object> raw(String name) {
        return merged(map(map(root.get("services")).get(name)));
    }

    Service service(String name) {
        Map<String, Object> raw = raw(name);
        Map<String, String> environment = new TreeMap<>();
        merged(map(raw.getOrDefault("environment", Map.of())))
                .forEach((key, value) -> environment.put(key, resolve(value)));
        return new Service(
                name,
                resolve(raw.getOrDefault("image", "")),
                resolve(raw.getOrDefault("build", "")),
                strings(raw.get("command")),
                environment,
                strings(raw.get("volumes")),
                strings(raw.get("ports")));
    }

    private List<String> strings(Object value) {
        return value == null
                ? List.of()
                : ((List<?>) value).stream().map(this::resolve).toList();
    }

    private String resolve(Object value) {
        return VARIABLE.matcher(String.valueOf(value))
                .replaceAll(found -> Matcher.quoteReplacement(variable(found.group(1))));
    }

    private String variable(String name) {
        if (!variables.containsKey(name)) {
            throw new IllegalArgumentException(name + ": unknown (expected: one of " + variables.keySet() + ")");
        }
        return variables.get(name);
    }

    private static Map<String, Object> merged(Map<String, Object> map) {
        Map<String, Object> all = new TreeMap<>();
        if (map.containsKey("<<")) {
            all.putAll(merged(map(map.get("<<"))));
        }
        all.putAll(map);
        all.remove("<<");
        return all;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
