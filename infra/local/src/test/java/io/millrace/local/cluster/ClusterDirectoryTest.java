package io.millrace.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.wire.kafka.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterDirectoryTest {
    private static final String SPEC = """
            pipeline: movies
            decision:
              subject: user
              candidate: {item: categorical}
            feedback:
              reward: {click: 1.0}
              window: 30m
              late: 7d
            """;

    @TempDir
    private Path directory;

    private ClusterDirectory create(boolean isGated) throws Exception {
        return ClusterDirectory.create(directory.resolve("cluster"), SPEC, ClusterPlan.choose("movies", 3, 2, isGated));
    }

    @Test
    void isFoundAgainAsItWasMade() throws Exception {
        ClusterDirectory made = create(false);
        ClusterDirectory found = ClusterDirectory.open(made.path());
        assertThat(found.plan()).isEqualTo(made.plan());
        assertThat(found.spec().pipeline()).isEqualTo("movies");
        Deployment deployment = Deployment.read(found.deploymentFile(), Map.of(), Map.of());
        assertThat(deployment.kafka().client().get("bootstrap.servers"))
                .isEqualTo(found.brokers().bootstrapServers());
        assertThat(deployment.secret().orElseThrow()).hasSize(32);
        assertThat(deployment.store()).contains(found.store());
    }

    @Test
    void filesWithSchemasThatTheSpecNamesAreTakenAlong() throws Exception {
        ClusterDirectory made = create(false);
        Path folder = Files.createDirectories(directory.resolve("specs/avro"));
        Files.writeString(folder.resolve("click.avsc"), "\"string\"");
        made.takeSchemas(withSchema("avro/click.avsc"), directory.resolve("specs"));
        assertThat(made.schemas().resolve("avro/click.avsc")).hasContent("\"string\"");
        assertThatThrownBy(() -> made.takeSchemas(withSchema("none.avsc"), directory.resolve("specs")))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("sources.clicks.schema: " + directory.resolve("specs/none.avsc"))
                .hasMessageEndingWith("(expected: a schema)");
        assertThatThrownBy(() -> made.takeSchemas(withSchema("../spec.yaml"), directory.resolve("specs")))
                .isInstanceOf(StartException.class)
                .hasMessage("sources.clicks.schema: ../spec.yaml (expected: a file in the spec's folder or below it, or"
                        + " an absolute path)");
    }

    private static PipelineSpec withSchema(String file) {
        return SpecReader.read(
                SPEC + "sources: {clicks: {as: events, kind: click, format: avro, schema: " + file + "}}\n", "test");
    }

    @Test
    void onlyItsOwnerReadsItsSecret() throws Exception {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class));
        ClusterDirectory made = create(false);
        String secret = Files.readString(made.path().resolve("secret")).strip();
        try (Stream<Path> files = Files.walk(made.path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains(secret)) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------");
                }
            }
        }
    }

    @Test
    void noTwoPartsShareAPort() throws Exception {
        ClusterPlan plan = create(true).plan();
        Set<Integer> ports = new HashSet<>(List.of(plan.zookeeper(), plan.jobManager(), plan.rest(), plan.collector()));
        for (List<Integer> more :
                List.of(plan.brokers(), plan.controllers(), plan.serving(), plan.gates(), plan.doors())) {
            ports.addAll(more);
        }
        assertThat(ports).hasSize(4 + 3 + 3 + 2 + 3 + 3);
    }

    @Test
    void whereClientsGoThroughDoorsTheDeploymentNamesTheDoors() throws Exception {
        ClusterDirectory made = create(true);
        Deployment deployment = Deployment.read(made.deploymentFile(), Map.of(), Map.of());
        assertThat(deployment.kafka().client().get("bootstrap.servers"))
                .isEqualTo(made.brokers().gatedServers())
                .isNotEqualTo(made.brokers().bootstrapServers());
    }

    @Test
    void refusesADirectoryWithOtherFiles() throws Exception {
        Files.writeString(directory.resolve("letter.txt"), "dear");
        assertThatThrownBy(() -> ClusterDirectory.create(directory, SPEC, ClusterPlan.choose("movies", 1, 1, false)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(directory + ": has files but no cluster.json (expected: an empty directory");
        assertThatThrownBy(() -> ClusterDirectory.open(directory))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no cluster.json");
    }

    @Test
    void refusesAPlanOfAnotherFormatOrOneThatIsHalfThere() throws Exception {
        Path plan = create(false).path().resolve("cluster.json");
        String text = Files.readString(plan);
        Files.writeString(plan, text.replace("\"format\" : 1", "\"format\" : 2"));
        assertThatThrownBy(() -> ClusterDirectory.open(plan.getParent()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("format: 2 (expected: 1;");
        Files.writeString(plan, text.substring(0, text.length() / 2));
        assertThatThrownBy(() -> ClusterDirectory.open(plan.getParent()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("(expected: a cluster's plan)");
        Files.writeString(plan, "{\"format\" : 1}");
        assertThatThrownBy(() -> ClusterDirectory.open(plan.getParent()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("incomplete");
    }

    @Test
    void refusesAnotherPipeline() throws Exception {
        Path path = create(false).path();
        String other = SPEC.replace("movies", "books");
        assertThatThrownBy(() -> Cluster.of(path, Optional.of(other), "books.yaml", new Cluster.Size(3, 2, false)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("pipeline of books.yaml: books (expected: movies, whose cluster is in ");
    }
}
