package io.millrace.local.cli;

import io.millrace.local.part.CollectorPart;
import io.millrace.local.part.RunningPart;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Override
    public Integer call() throws Exception {
        RunningPart part = CollectorPart.start(deployment.read(), listen.host(), listen.port());
        return Running.untilStopped(command, "collector at " + listen.host() + ":" + part.port(), part);
    }
}
