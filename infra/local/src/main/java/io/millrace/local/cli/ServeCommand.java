package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.part.RunningPart;
import io.millrace.local.part.ServingPart;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs serving alone, on brokers that are there: ranks, explores, logs decisions.",
        footer = {"", "Example:", "  millrace serve --spec movies.yaml --config millrace.properties --port 8080"})
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(names = "--spec", paramLabel = "FILE", required = true, description = "The pipeline; docs/spec.md.")
    private Path spec;

    @Mixin
    private DeploymentFlags deployment;

    @Mixin
    private ListenFlags listen;

    @Override
    public Integer call() throws Exception {
        PipelineSpec pipeline = SpecFile.read("--spec", spec);
        RunningPart part = ServingPart.start(pipeline, deployment.read(), listen.host(), listen.port());
        return Running.untilStopped(command, "serving at " + listen.host() + ":" + part.port(), part);
    }
}
