package io.millrace.local.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.broker.BrokerGroup;
import io.millrace.broker.BrokerNode;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.IoReasons;
import io.millrace.local.SecretFile;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/** Where a cluster keeps everything: its plan, its pipeline, and below them what each process writes. */
final class ClusterDirectory {
    private static final String PLAN = "cluster.json";
    private static final String SPEC = "spec.yaml";
    private static final String DEPLOYMENT = "millrace.properties";
    private static final String SECRET = "secret";
    private static final int SECRET_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;
    private final ClusterPlan plan;

    private ClusterDirectory(Path path, ClusterPlan plan) {
        this.path = path;
        this.plan = plan;
    }

    /** Whether there is a cluster's plan. */
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(PLAN));
    }

    /**
     * Makes the directory of a new cluster.
     *
     * @throws StartException if there is something else
     */
    static ClusterDirectory create(Path directory, String specText, ClusterPlan plan) throws StartException {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            try (Stream<Path> entries = Files.list(path)) {
                if (entries.findAny().isPresent()) {
                    throw new StartException("cluster directory " + path + ": has files but no " + PLAN
                            + " (expected: an empty directory, or one that 'cluster up' made)");
                }
            }
            ClusterDirectory made = new ClusterDirectory(path, plan);
            Files.writeString(path.resolve(SPEC), specText);
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            SecretFile.write(path.resolve(SECRET), HexFormat.of().formatHex(secret) + "\n");
            Files.createDirectories(made.models());
            made.writeDeployment();
            // Last: a directory without a plan is none of a cluster.
            Path unfinished = path.resolve(PLAN + ".part");
            Files.writeString(unfinished, JSON.writeValueAsString(plan) + "\n");
            Files.move(unfinished, path.resolve(PLAN), StandardCopyOption.ATOMIC_MOVE);
            return made;
        } catch (IOException e) {
            throw new StartException(
                    "cluster directory " + path + ": cannot be written: " + e.getMessage()
                            + " (expected: a directory with write permission)",
                    e);
        }
    }

    /**
     * Opens the directory of a cluster that was made before.
     *
     * @throws StartException if it holds none, or one of another format
     */
    static ClusterDirectory open(Path directory) throws StartException {
        Path path = directory.toAbsolutePath().normalize();
        Path file = path.resolve(PLAN);
        if (!Files.exists(file)) {
            throw new StartException("cluster directory " + path + ": no " + PLAN
                    + " (expected: a directory that 'millrace cluster up' made)");
        }
        try {
            ClusterPlan plan = JSON.readValue(file.toFile(), ClusterPlan.class);
            if (plan.format() != ClusterPlan.FORMAT) {
                throw new StartException(file + ", format: " + plan.format() + " (expected: " + ClusterPlan.FORMAT
                        + "; start with another --dir, or with the release that made it)");
            }
            if (!plan.isWellFormed()) {
                throw new StartException(file + ": incomplete (expected: a plan as 'millrace cluster up' writes it)");
            }
            return new ClusterDirectory(path, plan);
        } catch (IOException e) {
            throw new StartException(file + ": " + IoReasons.of(e) + " (expected: a cluster's plan)", e);
        }
    }

    private void writeDeployment() throws IOException {
        Properties properties = new Properties();
        properties.setProperty("kafka.bootstrap.servers", brokers().gatedServers());
        properties.setProperty("store", store().toString());
        properties.setProperty("secret.file", path.resolve(SECRET).toString());
        try (Writer writer = Files.newBufferedWriter(deploymentFile())) {
            properties.store(writer, "How the parts of this cluster find each other");
        }
    }

    Path path() {
        return path;
    }

    ClusterPlan plan() {
        return plan;
    }

    Path specFile() {
        return path.resolve(SPEC);
    }

    Path deploymentFile() {
        return path.resolve(DEPLOYMENT);
    }

    PipelineSpec spec() throws StartException {
        try {
            return SpecReader.read(Files.readString(specFile()), specFile().toString());
        } catch (IOException e) {
            throw new StartException(specFile() + ": " + IoReasons.of(e) + " (expected: the cluster's pipeline)", e);
        }
    }

    /** Takes another version of the pipeline; processes see it when they start. */
    void replaceSpec(String text) throws IOException {
        Path unfinished = path.resolve(SPEC + ".part");
        Files.writeString(unfinished, text);
        Files.move(unfinished, specFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where the files with schemas are that the pipeline's sources name. */
    Path schemas() {
        return path.resolve("schemas");
    }

    /**
     * Copies the files with schemas that the pipeline names, so that its processes have them wherever they are started.
     *
     * @param folder to which they are relative
     * @throws StartException if one cannot be read, or is not below it
     */
    void takeSchemas(PipelineSpec spec, Path folder) throws StartException {
        for (SourceSpec source : spec.sources()) {
            if (source.schema() == null || Path.of(source.schema()).isAbsolute()) {
                continue;
            }
            Path from = folder.resolve(source.schema()).normalize();
            Path to = schemas().resolve(source.schema()).normalize();
            String name = "sources." + source.name() + ".schema";
            if (!to.startsWith(schemas())) {
                throw new StartException(new Problem(
                                name, source.schema(), "a file in the spec's folder or below it, or an absolute path")
                        .toString());
            }
            try {
                Files.createDirectories(Objects.requireNonNull(to.getParent()));
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new StartException(name + ": " + from + ": " + IoReasons.of(e) + " (expected: a schema)", e);
            }
        }
    }

    BrokerGroup brokers() {
        List<BrokerNode> nodes = new ArrayList<>();
        for (int i = 0; i < plan.brokers().size(); i++) {
            nodes.add(node(i + 1));
        }
        return new BrokerGroup(plan.clusterId(), nodes);
    }

    BrokerNode node(int id) {
        return new BrokerNode(
                id,
                home("broker-" + id).resolve("log"),
                plan.brokers().get(id - 1),
                plan.controllers().get(id - 1),
                plan.gates().isEmpty()
                        ? null
                        : new BrokerNode.Gate(
                                plan.gates().get(id - 1), plan.doors().get(id - 1)));
    }

    /** What belongs to one process. */
    Path home(String member) {
        return path.resolve(member);
    }

    Path logs(String member) {
        return path.resolve("logs").resolve(member);
    }

    Path runs() {
        return path.resolve("run");
    }

    Path models() {
        return path.resolve("models");
    }

    URI store() {
        return models().toUri();
    }

    Path flink() {
        return path.resolve("flink");
    }

    Path checkpoints() {
        return flink().resolve("checkpoints");
    }
}
