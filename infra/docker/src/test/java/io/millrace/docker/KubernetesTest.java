package io.millrace.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.features.spec.SpecReader;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The manifests against the operator's own definition of a FlinkDeployment, which is read strictly: a field that it does not
 * know is an error. It holds the definition of a pod template too, which those of deployments are checked against.
 */
class KubernetesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("../k8s");

    private static JsonNode deployment;

    @BeforeAll
    static void readsTheDefinition() throws Exception {
        String resource = "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";
        try (InputStream in = Objects.requireNonNull(KubernetesTest.class.getResourceAsStream(resource))) {
            JsonNode root = documents(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .get(0);
            deployment = root.at("/spec/versions/0/schema/openAPIV3Schema");
        }
        // This definition is of an operator before Flink 2; all else of it holds.
        ((ArrayNode) deployment.at("/properties/spec/properties/flinkVersion/enum")).add("v2_2");
        for (String own : List.of("apiVersion", "kind", "metadata")) {
            ((ObjectNode) deployment.at("/properties")).putObject(own);
        }
        makeStrict(deployment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"join.yaml", "features.yaml", "history.yaml", "learn.yaml"})
    void aJobIsWhatTheOperatorUnderstands(String file) throws Exception {
        JsonNode manifest = manifests(file).get(0);
        assertThat(manifest.path("kind").asText()).isEqualTo("FlinkDeployment");
        assertThat(problems(deployment, manifest)).isEmpty();
        Class.forName(manifest.at("/spec/job/entryClass").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector.yaml", "serving.yaml", "sources.yaml", "topics.yaml"})
    void aPodTemplateIsWhatKubernetesUnderstands(String file) throws Exception {
        JsonNode template = manifests(file).get(0).at("/spec/template");
        assertThat(problems(deployment.at("/properties/spec/properties/podTemplate"), template))
                .isEmpty();
    }

    @Test
    void aTypingErrorIsFound() throws Exception {
        JsonNode manifest = manifests("join.yaml").get(0);
        ((ObjectNode) manifest.at("/spec/job")).put("paralellism", 1);
        ((ObjectNode) manifest.at("/spec/job")).put("upgradeMode", "last-sate");
        ((ObjectNode) manifest.at("/spec/podTemplate/spec/containers/0")).put("imagePulPolicy", "Always");
        assertThat(problems(deployment, manifest))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("paralellism"))
                .anyMatch(problem -> problem.contains("upgradeMode"))
                .anyMatch(problem -> problem.contains("imagePulPolicy"));
    }

    @Test
    void thePipelinesAreThePipelineOfCompose() throws Exception {
        String kubernetes =
                manifests("config.yaml").get(1).at("/data/pipeline.yaml").asText();
        String compose = Files.readString(Path.of("pipeline.yaml"));
        assertThat(SpecReader.read(kubernetes, "config.yaml")).isEqualTo(SpecReader.read(compose, "pipeline.yaml"));
    }

    @Test
    void everyManifestIsRead() throws Exception {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                assertThat(manifests(file.getFileName().toString())).allSatisfy(manifest -> {
                    assertThat(manifest.path("apiVersion").asText()).isNotEmpty();
                    assertThat(manifest.at("/metadata/name").asText()).startsWith("millrace");
                });
            }
        }
    }

    private static List<String> problems(JsonNode schema, JsonNode value) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(schema.toString(), InputFormat.JSON)
                .validate(value.toString(), InputFormat.JSON)
                .stream()
                .map(Object::toString)
                .toList();
    }

    private static void makeStrict(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(KubernetesTest::makeStrict);
    }

    private static List<JsonNode> manifests(String file) throws Exception {
        return documents(Files.readString(FOLDER.resolve(file)));
    }

    private static List<JsonNode> documents(String yaml) {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
                .loadAllFromString(yaml)
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }
}
