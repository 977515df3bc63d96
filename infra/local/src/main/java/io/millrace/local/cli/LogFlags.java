package io.millrace.local.cli;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.local.DataDirectory;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.StartException;
import io.millrace.local.cluster.Cluster;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.TopicAdmin;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Whose topics are meant: those of a stopped process, by a broker that is started for it, of a cluster on this machine that is up,
 * or of brokers that run.
 */
final class LogFlags {
    private static final String BROKERS = Deployment.VARIABLE + "KAFKA_BOOTSTRAP_SERVERS";
    private static final String WHERE_RUNNING =
            "a stopped pipeline's; ask a running one by --kafka with the address that it printed, and --store";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "The data directory of a 'millrace up' that is stopped, or of a 'millrace cluster' that is up.")
    private @Nullable Path dir;

    @Mixin
    private DeploymentFlags deployment;

    /** What is done with the topics. */
    @FunctionalInterface
    interface Action {
        /** @param store where base snapshots are kept, if that is known */
        int on(KafkaSettings kafka, Optional<URI> store) throws Exception;
    }

    /** The same where something is changed that the jobs of a cluster must learn of. */
    int changing(CommandSpec command, Action action) throws Exception {
        int code = with(command, action);
        if (dir != null && Cluster.isIn(dir)) {
            try (Cluster cluster = Cluster.of(dir)) {
                cluster.settleJobs();
            }
        }
        return code;
    }

    /** Whether they are a stopped process's. */
    boolean isStopped() {
        return dir != null && !Cluster.isIn(dir);
    }

    int with(CommandSpec command, Action action) throws Exception {
        if (dir != null && deployment.isGiven()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--dir: " + dir + " beside flags of a deployment (expected: one or the other)");
        }
        if (dir == null && !deployment.isGiven() && !System.getenv().containsKey(BROKERS)) {
            throw new ParameterException(
                    command.commandLine(),
                    "neither --dir nor --kafka (expected: a stopped pipeline's directory, or brokers)");
        }
        if (dir == null) {
            Deployment given = deployment.read();
            return action.on(given.kafka(), given.store());
        }
        if (Cluster.isIn(dir)) {
            try (Cluster cluster = Cluster.of(dir)) {
                return action.on(cluster.kafka(), Optional.of(cluster.store()));
            }
        }
        try (DataDirectory directory = DataDirectory.openExisting(dir, WHERE_RUNNING)) {
            Logs.to(directory);
            if (!directory.hasLog()) {
                throw new StartException("data directory " + dir
                        + ": no Kafka log (expected: a directory in which a 'millrace up' has run)");
            }
            LoopbackPorts ports = LoopbackPorts.choose(0, 0);
            try (EmbeddedBroker broker = directory.startBroker(ports)) {
                KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
                refuseMissing(directory, kafka);
                return action.on(kafka, Optional.of(directory.models().toUri()));
            }
        }
    }

    /** Whoever looks creates nothing. */
    private static void refuseMissing(DataDirectory directory, KafkaSettings kafka)
            throws StartException, InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            List<String> missing = admin.missing();
            if (!missing.isEmpty()) {
                throw new StartException("data directory " + directory.path() + ", topics: without "
                        + String.join(", ", missing)
                        + " (expected: all topics, as a start makes them; start it once with"
                        + " this release, and stop it)");
            }
        }
    }
}
