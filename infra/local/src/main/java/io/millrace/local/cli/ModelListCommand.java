package io.millrace.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the lineages of a model: which serves, which are learned, how far they are.",
            "'behind' counts offsets of the log after the newest published version."
        },
        footer = {"", "Example:", "  millrace model list --dir data"})
final class ModelListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelFlags flags;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        return flags.reading(
                command,
                operator -> command.commandLine()
                        .getOut()
                        .print(json ? operator.list().json() : operator.list().text()));
    }
}
