package io.millrace.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "switch",
        mixinStandardHelpOptions = true,
        description = {
            "Has another lineage serve. It is learned on, as is the one that served before, to which one can switch back.",
            "Whether it has caught up is yours to look at: 'millrace model list'."
        },
        footer = {"", "Example:", "  millrace model switch 93f8068f --dir data"})
final class ModelSwitchCommand implements Callable<Integer> {
    private static final String LINEAGE = "The lineage, or how its name begins.";

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "LINEAGE", description = LINEAGE)
    private String lineage;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        return flags.changing(
                command,
                operator ->
                        command.commandLine().getOut().println("lineage " + operator.switchTo(lineage) + " is live"));
    }

    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = "Has a lineage that does not serve no longer be learned; what it has learned is kept.",
            footer = {"", "Example:", "  millrace model drop 93f8068f --dir data"})
    static final class Drop implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "LINEAGE", description = LINEAGE)
        private String lineage;

        @Mixin
        private ModelFlags flags;

        @Override
        public Integer call() throws Exception {
            return flags.changing(
                    command,
                    operator -> command.commandLine()
                            .getOut()
                            .println("lineage " + operator.drop(lineage) + " is no longer learned"));
        }
    }
}
