package io.millrace.local.cli;

import io.millrace.local.model.Applied;
import io.millrace.local.spec.SpecDiffText;
import io.millrace.record.LineagePlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Brings a changed spec in: a model is learned by it beside the live one, from there or from the log's beginning.",
            "Nobody is served by it until 'millrace model switch'; then serving has to be started with the new spec."
        },
        footer = {"", "Example:", "  millrace spec apply movies-new.yaml --dir data"})
final class SpecApplyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NEW", description = "The changed spec.")
    private Path changed;

    @Option(
            names = "--from-now",
            description = "Knows nothing, and learns from what comes from now on: where the log cannot be learned.")
    private boolean fromNow;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        String yaml = SpecFile.text("NEW", changed);
        return flags.changing(command, operator -> {
            Applied applied = operator.apply(yaml, changed.toString(), fromNow);
            PrintWriter out = command.commandLine().getOut();
            out.print(SpecDiffText.of(applied.diff()));
            if (applied.plan().isEmpty()) {
                out.println("the model stays as it is: start again with the changed spec");
            } else {
                out.println(next(applied.plan().get()));
            }
        });
    }

    private static String next(LineagePlan plan) {
        String start = plan.getStart().isEmpty()
                ? "from the log's beginning"
                : "from version " + plan.getStart().get(0).getOffset() + " of the live model on";
        return "lineage " + plan.getLineage() + " is learned " + start
                + ". When 'millrace model list' shows that it has caught up: 'millrace model switch "
                + plan.getLineage().substring(0, 8) + "', then start again with the changed spec";
    }
}
