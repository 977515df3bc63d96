package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.DataDirectory;
import io.millrace.local.LocalPipeline;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.SourceFiles;
import io.millrace.local.backfill.WorkDirectory;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs the whole loop in this process, for your own application, until it is told to stop.",
        footer = {"", "Example:", "  millrace up --spec movies.yaml --data-dir data"})
final class UpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            defaultValue = "pipeline.yaml",
            description = "The pipeline (default: ${DEFAULT-VALUE}); docs/spec.md describes it.")
    private Path spec;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}); started on it again, it goes on.")
    private Path dataDirectory;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "HTTP, on loopback (default: ${DEFAULT-VALUE}; 0: any free port).")
    private int port;

    @Option(
            names = "--kafka-port",
            paramLabel = "P",
            defaultValue = "9092",
            description = "The broker, on loopback (default: ${DEFAULT-VALUE}; 0: any free port).")
    private int kafkaPort;

    @Mixin
    private ClusterFlags clusters;

    @Option(
            names = "--history",
            paramLabel = "DIR",
            description = "Writes what is logged to Parquet files there, too; docs/python.md.")
    private @Nullable Path history;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = command.commandLine().getErr();
        String yaml = SpecFile.text("--spec", spec);
        PipelineSpec pipeline = SpecReader.read(yaml, spec.toString());
        LoopbackPorts ports = LoopbackPorts.choose(port, kafkaPort);
        SourceFiles files = files(pipeline, ports);
        DataDirectory directory = DataDirectory.open(dataDirectory, pipeline.pipeline());
        Logs.to(directory);
        Problem unfinished = WorkDirectory.open(directory.backfill(), directory.checkpoints())
                .unfinished();
        if (unfinished != null) {
            err.println("millrace: warning: " + unfinished);
        }
        LocalPipeline running = LocalPipeline.start(pipeline, yaml, files, directory, ports, err::println);
        if (history != null) {
            running.writeHistory(pipeline, history.toAbsolutePath().normalize().toUri());
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            err.println("millrace: stopping");
            running.close();
            stopped.countDown();
        }));
        err.println("millrace: up; HTTP at " + running.http() + ", Kafka at " + running.bootstrapServers()
                + ", data in " + directory.path() + "; Ctrl-C stops");
        stopped.await();
        return 0;
    }

    /** Of the environment, as other commands have it from there. */
    private SourceFiles files(PipelineSpec pipeline, LoopbackPorts ports) throws DeploymentException {
        Path folder = SpecFile.folder(spec);
        if (!SourceFiles.areNeeded(pipeline)) {
            return new SourceFiles(folder, Optional.empty(), Map.of());
        }
        Map<String, String> flags = new TreeMap<>(clusters.settings());
        flags.put("kafka.bootstrap.servers", "127.0.0.1:" + ports.kafka());
        Deployment given = Deployment.read(null, System.getenv(), flags);
        return new SourceFiles(folder, given.registry(), given.clusters());
    }
}
