package io.millrace.local.cluster;

import io.millrace.broker.BrokerDirectoryException;
import io.millrace.broker.BrokerNode;
import io.millrace.local.StartException;
import io.millrace.local.cluster.Member.Kind;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All processes of a cluster, in the order in which they are started; that of sources is there, but started where there are some. */
final class Members {
    static final String ZOOKEEPER = "zookeeper";

    private static final String MILLRACE = "io.millrace.local.cli.Millrace";
    private static final String CONFIG_DIR = "--configDir";

    private final ClusterDirectory directory;
    private final List<Member> all;

    Members(ClusterDirectory directory) {
        this.directory = directory;
        ClusterPlan plan = directory.plan();
        List<Member> members = new ArrayList<>();
        for (int id = 1; id <= plan.brokers().size(); id++) {
            members.add(new Member(
                    "broker-" + id,
                    Kind.BROKER,
                    plan.brokers().get(id - 1),
                    384,
                    List.of("kafka.Kafka", serverProperties(id).toString())));
        }
        members.add(new Member(
                ZOOKEEPER,
                Kind.ZOOKEEPER,
                plan.zookeeper(),
                96,
                List.of(
                        "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                        "--zkConfigFile",
                        FlinkFiles.zookeeper(directory).toString(),
                        "--peerId",
                        "1")));
        String conf = FlinkFiles.configuration(directory).toString();
        members.add(new Member(
                "jobmanager",
                Kind.JOB_MANAGER,
                plan.rest(),
                384,
                List.of(
                        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                        CONFIG_DIR,
                        conf,
                        "--executionMode",
                        "cluster")));
        for (int i = 1; i <= plan.taskManagers(); i++) {
            members.add(new Member(
                    "taskmanager-" + i,
                    Kind.TASK_MANAGER,
                    0,
                    768,
                    List.of(
                            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                            CONFIG_DIR,
                            conf,
                            "-Dtaskmanager.resource-id=taskmanager-" + i)));
        }
        members.add(new Member(
                "collector",
                Kind.COLLECTOR,
                plan.collector(),
                256,
                List.of(
                        MILLRACE,
                        "collect",
                        "--spec",
                        directory.specFile().toString(),
                        "--config",
                        directory.deploymentFile().toString(),
                        "--port",
                        Integer.toString(plan.collector()))));
        for (int i = 1; i <= plan.serving().size(); i++) {
            int port = plan.serving().get(i - 1);
            members.add(new Member(
                    "serving-" + i,
                    Kind.SERVING,
                    port,
                    512,
                    List.of(
                            MILLRACE,
                            "serve",
                            "--spec",
                            directory.specFile().toString(),
                            "--config",
                            directory.deploymentFile().toString(),
                            "--port",
                            Integer.toString(port))));
        }
        members.add(new Member(
                "sources",
                Kind.SOURCES,
                plan.sources(),
                256,
                List.of(
                        MILLRACE,
                        "sources",
                        "run",
                        "--spec",
                        directory.specFile().toString(),
                        "--schemas",
                        directory.schemas().toString(),
                        "--config",
                        directory.deploymentFile().toString(),
                        "--port",
                        Integer.toString(plan.sources()))));
        this.all = List.copyOf(members);
    }

    List<Member> all() {
        return all;
    }

    List<Member> of(Kind kind) {
        return all.stream().filter(member -> member.kind() == kind).toList();
    }

    /** @throws StartException if there is none of that name */
    Member named(String name) throws StartException {
        return all.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StartException(new Problem(
                                "process",
                                name,
                                "one of "
                                        + String.join(
                                                ", ",
                                                all.stream().map(Member::name).toList()))
                        .toString()));
    }

    /**
     * Writes what the processes read.
     *
     * @throws StartException if a broker cannot go on with what is in its directory
     */
    void writeFiles() throws IOException, StartException {
        FlinkFiles.write(directory);
        for (int id = 1; id <= directory.plan().brokers().size(); id++) {
            BrokerNode node = directory.node(id);
            try {
                directory.brokers().format(node);
            } catch (BrokerDirectoryException e) {
                throw new StartException("cluster directory " + directory.path() + ": " + e.getMessage(), e);
            }
            try (Writer writer = Files.newBufferedWriter(serverProperties(id))) {
                directory.brokers().properties(node).store(writer, "Broker " + id + " of this cluster");
            }
        }
    }

    private Path serverProperties(int id) {
        return directory.home("broker-" + id).resolve("server.properties");
    }
}
