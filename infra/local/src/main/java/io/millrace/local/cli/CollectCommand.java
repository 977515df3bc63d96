package io.millrace.local.cli;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.local.part.CollectorPart;
import io.millrace.local.part.RunningPart;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description =
                "Runs the collector alone, on brokers that are there: takes feedback, events and items over HTTP.",
        footer = {"", "Example:", "  millrace collect --config millrace.properties --port 8081"})
final class CollectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private DeploymentFlags deployment;

    @Mixin
    private ListenFlags listen;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = {
                "The pipeline's spec: where its feedback.match is subject_item, feedback may name subject and item.",
                "Without one, feedback names its decision."
            })
    private @Nullable Path spec;

    @Override
    public Integer call() throws Exception {
        FeedbackSpec.Match match = spec == null
                ? FeedbackSpec.Match.DECISION
                : SpecFile.read("--spec", spec).feedback().match();
        RunningPart part = CollectorPart.start(deployment.read(), match, listen.host(), listen.port());
        return Running.untilStopped(command, "collector at " + listen.host() + ":" + part.port(), part);
    }
}
