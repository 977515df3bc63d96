package io.millrace.local.cli;

import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the brokers are, and what else differs from cluster to cluster. */
final class DeploymentFlags {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = {
                "Properties: kafka.* (client settings, passed through), cluster.NAME.* (of others), topics.prefix, store, secret, token, backlog, registry; docs/deployment.md.",
                "Variables MILLRACE_KAFKA_BOOTSTRAP_SERVERS and the like override it, flags override both."
            })
    private @Nullable Path config;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "The brokers, comma-separated: kafka.bootstrap.servers.")
    private @Nullable String kafka;

    @Option(names = "--topics-prefix", paramLabel = "PREFIX", description = "Stands before every topic's name.")
    private @Nullable String prefix;

    @Option(names = "--store", paramLabel = "URI", description = "Where base snapshots are kept.")
    private @Nullable String store;

    /** Whether any of them is there. */
    boolean isGiven() {
        return config != null || kafka != null || prefix != null || store != null;
    }

    Deployment read() throws DeploymentException {
        return read(Map.of());
    }

    /** @param more flags, by what they set */
    Deployment read(Map<String, String> more) throws DeploymentException {
        Map<String, String> flags = new TreeMap<>(more);
        put(flags, "kafka.bootstrap.servers", kafka);
        put(flags, "topics.prefix", prefix);
        put(flags, "store", store);
        return Deployment.read(config, System.getenv(), flags);
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
