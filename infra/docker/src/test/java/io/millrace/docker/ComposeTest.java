package io.millrace.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code compose.yaml} names is there. */
class ComposeTest {
    private static final Path FILE = Path.of("compose.yaml");
    private static final Pattern TARGET = Pattern.compile("\"([a-z0-9-]+):\\d+\"");

    @Test
    void everyFileAndImageThatAServiceNamesIsThere() throws Exception {
        ComposeFile compose = compose();
        for (String name : compose.names()) {
            ComposeFile.Service service = compose.service(name);
            assertThat(service.image().isEmpty())
                    .as(name)
                    .isNotEqualTo(service.build().isEmpty());
            if (!service.build().isEmpty()) {
                String images = service.build().replace("target/images", "images");
                assertThat(Path.of(images, "Dockerfile")).as(name).isRegularFile();
            }
            for (String volume : service.volumes()) {
                if (volume.startsWith(".")) {
                    assertThat(Path.of(volume.split(":")[0])).as(name).isRegularFile();
                }
            }
        }
    }

    @Test
    void aServiceHasOnlyKeysThatComposeKnows() throws Exception {
        ComposeFile compose = compose();
        for (String name : compose.names()) {
            assertThat(compose.raw(name).keySet())
                    .as(name)
                    .isSubsetOf(
                            "profiles",
                            "image",
                            "build",
                            "command",
                            "environment",
                            "volumes",
                            "ports",
                            "depends_on",
                            "restart");
            if (compose.raw(name).get("depends_on") instanceof Map<?, ?> map) {
                assertThat(compose.names()).as(name).containsAll(List.copyOf(castKeys(map)));
            } else if (compose.raw(name).get("depends_on") instanceof List<?> list) {
                assertThat(compose.names())
                        .as(name)
                        .containsAll(list.stream().map(String::valueOf).toList());
            }
        }
    }

    @Test
    void portsAreOpenOnLoopbackOnlyAndEachOnce() throws Exception {
        ComposeFile compose = compose();
        Set<String> ports = new HashSet<>();
        for (String name : compose.names()) {
            for (String port : compose.service(name).ports()) {
                assertThat(port).startsWith("127.0.0.1:");
                assertThat(ports.add(port.split(":")[1])).as(port).isTrue();
            }
        }
    }

    @Test
    void whatPrometheusScrapesIsAService() throws Exception {
        Matcher targets = TARGET.matcher(Files.readString(Path.of("../grafana/prometheus.yaml")));
        Set<String> found = new HashSet<>();
        while (targets.find()) {
            found.add(targets.group(1));
        }
        assertThat(compose().names()).containsAll(found);
        assertThat(found).contains("serving-1", "serving-2", "collector", "taskmanager");
    }

    private static List<String> castKeys(Map<?, ?> map) {
        return map.keySet().stream().map(String::valueOf).toList();
    }

    private static ComposeFile compose() throws Exception {
        return ComposeFile.read(FILE, Map.of("MILLRACE_TOKEN", "token", "MILLRACE_SECRET", "secret"));
    }
}
