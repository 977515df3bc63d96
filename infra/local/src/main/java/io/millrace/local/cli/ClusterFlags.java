package io.millrace.local.cli;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where Kafka clusters of others are. */
final class ClusterFlags {
    @Option(
            names = "--cluster",
            paramLabel = "NAME=HOST:PORT",
            description = {
                "Brokers of another Kafka that sources name: cluster.NAME.bootstrap.servers; repeatable.",
                "Other settings of its clients stand in the properties file."
            })
    private Map<String, String> servers = new TreeMap<>();

    /** As settings of the deployment. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        servers.forEach((name, brokers) -> settings.put("cluster." + name + ".bootstrap.servers", brokers));
        return settings;
    }
}
