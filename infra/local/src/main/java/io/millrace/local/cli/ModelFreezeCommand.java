package io.millrace.local.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "freeze",
        mixinStandardHelpOptions = true,
        description = {
            "Has a model learn nothing for now; serving goes on with what it has learned.",
            "Nothing is lost: examples wait in the log until 'millrace model thaw'."
        },
        footer = {"", "Example:", "  millrace model freeze --dir data"})
final class ModelFreezeCommand implements Callable<Integer> {
    private static final String LINEAGE = "The lineage, or how its name begins (default: the live one).";

    @Spec
    private CommandSpec command;

    @Option(names = "--lineage", paramLabel = "HEX", description = LINEAGE)
    private @Nullable String lineage;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        return flags.changing(
                command,
                operator -> command.commandLine()
                        .getOut()
                        .println("lineage " + operator.freeze(Optional.ofNullable(lineage), true)
                                + " learns nothing until 'millrace model thaw'"));
    }

    @Command(
            name = "thaw",
            mixinStandardHelpOptions = true,
            description = "Has a frozen model learn on from where it stopped.",
            footer = {"", "Example:", "  millrace model thaw --dir data"})
    static final class Thaw implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Option(names = "--lineage", paramLabel = "HEX", description = LINEAGE)
        private @Nullable String lineage;

        @Mixin
        private ModelFlags flags;

        @Override
        public Integer call() throws Exception {
            return flags.changing(
                    command,
                    operator -> command.commandLine()
                            .getOut()
                            .println("lineage " + operator.freeze(Optional.ofNullable(lineage), false) + " learns on"));
        }
    }
}
