package io.millrace.local.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** Flink's configuration and ZooKeeper's, in the cluster's directory. */
final class FlinkFiles {
    private static final String LOOPBACK = "127.0.0.1";

    private FlinkFiles() {}

    static Path configuration(ClusterDirectory directory) {
        return directory.flink().resolve("conf");
    }

    static Path zookeeper(ClusterDirectory directory) {
        return directory.home(Members.ZOOKEEPER).resolve("zoo.cfg");
    }

    static void write(ClusterDirectory directory) throws IOException {
        Files.createDirectories(configuration(directory));
        Files.createDirectories(directory.checkpoints());
        StringJoiner yaml = new StringJoiner("\n", "", "\n");
        settings(directory).forEach((key, value) -> yaml.add(key + ": " + value));
        Files.writeString(configuration(directory).resolve("config.yaml"), yaml.toString());
        Path data = Files.createDirectories(directory.home(Members.ZOOKEEPER).resolve("data"));
        Files.writeString(
                zookeeper(directory),
                "tickTime=500\n"
                        + "initLimit=20\n"
                        + "syncLimit=10\n"
                        + "dataDir=" + data + "\n"
                        + "clientPort=" + directory.plan().zookeeper() + "\n"
                        + "clientPortAddress=" + LOOPBACK + "\n"
                        + "admin.enableServer=false\n");
    }

    /** A task manager is missed after seconds, not after the default's fifty, and a job tries again for ever. */
    private static Map<String, Object> settings(ClusterDirectory directory) {
        ClusterPlan plan = directory.plan();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("jobmanager.rpc.address", LOOPBACK);
        settings.put("jobmanager.rpc.port", plan.jobManager());
        settings.put("jobmanager.bind-host", LOOPBACK);
        settings.put("high-availability.type", "zookeeper");
        settings.put("high-availability.zookeeper.quorum", LOOPBACK + ":" + plan.zookeeper());
        settings.put("high-availability.zookeeper.client.session-timeout", "4 s");
        settings.put("high-availability.zookeeper.client.connection-timeout", "4 s");
        settings.put("high-availability.zookeeper.client.retry-wait", "500 ms");
        settings.put("high-availability.zookeeper.client.max-retry-attempts", 20);
        settings.put("high-availability.cluster-id", "/millrace");
        settings.put(
                "high-availability.storageDir", directory.flink().resolve("ha").toUri());
        settings.put("high-availability.jobmanager.port", plan.jobManager());
        settings.put("rest.address", LOOPBACK);
        settings.put("rest.bind-address", LOOPBACK);
        settings.put("rest.port", plan.rest());
        settings.put("rest.bind-port", "\"" + plan.rest() + "\"");
        settings.put("web.submit.enable", false);
        settings.put("taskmanager.host", LOOPBACK);
        settings.put("taskmanager.bind-host", LOOPBACK);
        settings.put("taskmanager.numberOfTaskSlots", 2);
        settings.put("taskmanager.load-balance.mode", "SLOTS");
        settings.put("taskmanager.cpu.cores", 2);
        settings.put("taskmanager.memory.framework.heap.size", "128m");
        settings.put("taskmanager.memory.framework.off-heap.size", "128m");
        settings.put("taskmanager.memory.jvm-metaspace.size", "256m");
        settings.put("taskmanager.memory.jvm-overhead.min", "192m");
        settings.put("taskmanager.memory.jvm-overhead.max", "192m");
        settings.put("taskmanager.memory.task.heap.size", "512m");
        settings.put("taskmanager.memory.task.off-heap.size", "512m");
        settings.put("taskmanager.memory.managed.size", "512m");
        settings.put("taskmanager.memory.network.min", "64m");
        settings.put("taskmanager.memory.network.max", "64m");
        settings.put("taskmanager.memory.segment-size", "256kb");
        settings.put("taskmanager.registration.timeout", "10 min");
        // Longer than a job manager is away: jobs then go on where their classes are loaded.
        settings.put("taskmanager.slot.timeout", "60 s");
        settings.put("heartbeat.interval", "1 s");
        settings.put("heartbeat.timeout", "5 s");
        settings.put("heartbeat.rpc-failure-threshold", 2);
        settings.put("restart-strategy.type", "fixed-delay");
        settings.put("restart-strategy.fixed-delay.attempts", Integer.MAX_VALUE);
        settings.put("restart-strategy.fixed-delay.delay", "500 ms");
        settings.put("state.backend.type", "rocksdb");
        settings.put("execution.checkpointing.incremental", true);
        settings.put("execution.checkpointing.dir", directory.checkpoints().toUri());
        settings.put("execution.checkpointing.num-retained", 3);
        settings.put("execution.checkpointing.tolerable-failed-checkpoints", Integer.MAX_VALUE);
        settings.put("classloader.resolve-order", "parent-first");
        settings.put("io.tmp.dirs", directory.flink().resolve("tmp"));
        return settings;
    }
}
