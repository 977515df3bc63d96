package io.millrace.features.job;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.DeploymentException;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every job's program is told. */
public final class JobOptions {
    @Option(names = "--spec", required = true, paramLabel = "FILE", description = "The pipeline.")
    private Path spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Deployment settings; variables MILLRACE_* of the environment override them.")
    private @Nullable Path config;

    @Option(names = "--parallelism", paramLabel = "N", defaultValue = "1", description = "Tasks of every operator.")
    private int parallelism;

    /** The file of the pipeline. */
    public Path spec() {
        return spec;
    }

    /** Reads it. */
    public PipelineSpec pipeline() throws IOException {
        return SpecReader.read(Files.readString(spec), spec.toString());
    }

    /** How to reach Kafka. */
    public KafkaSettings kafka() throws IOException, DeploymentException {
        return Deployment.read(config, System.getenv(), Map.of()).kafka();
    }

    /** Tasks of every operator. */
    public int parallelism() {
        return parallelism;
    }
}
