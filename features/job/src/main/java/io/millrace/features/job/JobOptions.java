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
final class JobOptions {
    @Option(names = "--spec", required = true, paramLabel = "FILE", description = "The pipeline.")
    private Path spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Deployment settings; variables MILLRACE_* of the environment override them.")
    private @Nullable Path config;

    @Option(names = "--parallelism", paramLabel = "N", defaultValue = "1", description = "Tasks of every operator.")
    private int parallelism;

    Path spec() {
        return spec;
    }

    PipelineSpec pipeline() throws IOException {
        return SpecReader.read(Files.readString(spec), spec.toString());
    }

    KafkaSettings kafka() throws IOException, DeploymentException {
        return Deployment.read(config, System.getenv(), Map.of()).kafka();
    }

    int parallelism() {
        return parallelism;
    }
}
